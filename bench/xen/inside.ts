/**
 * Runs in the lab's first domain: the driver, whose questions are calls to the hypervisor, beside `xl`, which is a process
 * for each. Prints one JSON line: for each work the seconds of either.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Router } from "../../src/driver/router.ts";
import { openXen } from "../../test/xen/inside/open.ts";
import { quietXml } from "../../test/xen/inside/xen-subject.ts";
import { quietKernel, xl } from "../../test/xen/inside/xl.ts";

type Work = () => unknown;
type Figures = Record<string, { ours: number[]; theirs: number[] }>;

const rounds = 5;

async function seconds(work: Work, count = 1): Promise<number> {
  const begin = performance.now();
  for (let done = 0; done < count; done++) await work();
  return (performance.now() - begin) / 1000 / count;
}

async function measure(router: Router, folder: string): Promise<Figures> {
  const figures: Figures = {};
  const take = async (name: string, ours: Work, theirs: Work, count = 1) => {
    figures[name] ??= { ours: [], theirs: [] };
    const row = figures[name];
    row.ours.push(await seconds(ours, count));
    row.theirs.push(await seconds(theirs));
  };
  const config = join(folder, "other.cfg");
  await writeFile(config, `name="other"\nkernel="${quietKernel}"\nmemory=32\nvcpus=1\n`);
  for (let round = 0; round < rounds; round++) {
    const xmlDesc = quietXml("mine");
    await take(
      "create",
      () => router.call("domainCreateXml", { xmlDesc, flags: 0 }),
      () => xl("create", "-q", config),
    );
    const { dom } = await router.call("domainLookupByName", { name: "mine" });
    await take(
      "info",
      () => router.call("domainGetInfo", { dom }),
      () => xl("list", "other"),
      50,
    );
    await take(
      "list",
      () => router.call("connectListAllDomains", { needResults: 1, flags: 0 }),
      () => xl("list"),
      50,
    );
    await take(
      "pause",
      () => router.call("domainSuspend", { dom }),
      () => xl("pause", "other"),
    );
    await take(
      "unpause",
      () => router.call("domainResume", { dom }),
      () => xl("unpause", "other"),
    );
    await take(
      "destroy",
      () => router.call("domainDestroy", { dom }),
      () => xl("destroy", "other"),
    );
  }
  return figures;
}

const folder = await mkdtemp(join(tmpdir(), "bench-"));
const router = await openXen(folder);
try {
  console.log(JSON.stringify(await measure(router, folder)));
} finally {
  await router.close();
  await rm(folder, { recursive: true });
}
