/** Without hypercalls: xl answers and does the same. The package that makes them is out of the way in this process. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { uintParam } from "../../../src/driver/typed-parameters.ts";
import { Hypervisor } from "../../../src/drivers/xen/hypervisor/index.ts";
import { type Domain, DomainState } from "../../../src/protocol/index.ts";
import { fails, stateOf } from "../../drivers/suite/subject.ts";
import { projectRoot } from "../../helpers/project.ts";
import { answers } from "../inside/answers.ts";
import { watchedXen } from "../inside/open.ts";
import { endingXml, guestXml } from "../inside/xen-subject.ts";
import { guestUp, makePaused, xl } from "../inside/xl.ts";

const { RUNNING, PAUSED } = DomainState;

const koffi = join(projectRoot, "node_modules", "koffi");
const away = `${koffi}.away`;
const program = join(import.meta.dirname, "print-answers.js");

await makePaused("asked", ["maxvcpus=2", "cpu_weight=300"]);
const byHypercalls: unknown = await (async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, "/tmp/by-hypercalls", "asked"]);
  return JSON.parse(stdout);
})();
renameSync(koffi, away);
process.on("exit", () => renameSync(away, koffi));
after(() => xl("destroy", "asked"));

test("the hypervisor cannot be asked, and it is said why", async () => {
  assert.match(String(await Hypervisor.open()), /the package koffi is not installed/);
});

test("xl answers what the hypervisor does", async (t) => {
  await using connection = await watchedXen(t);
  assert.deepEqual(JSON.parse(JSON.stringify(await answers(connection.router, "asked"))), byHypercalls);
  const { freeMem } = await connection.router.call("nodeGetFreeMemory", {});
  assert.ok(freeMem > 0n && freeMem % (1024n * 1024n) === 0n, String(freeMem));
});

test("a guest lives, is tuned, reboots and is ended by xl alone", async (t) => {
  await using connection = await watchedXen(t);
  const { router } = connection;
  const { dom } = await router.call("domainCreateXml", { xmlDesc: guestXml("slow"), flags: 0 });
  t.after(() => xl("destroy", "slow").catch(() => {}));
  await guestUp("slow");
  await router.call("domainSuspend", { dom });
  assert.equal((await stateOf(router, dom))[0], PAUSED);
  await router.call("domainResume", { dom });
  assert.equal((await stateOf(router, dom))[0], RUNNING);
  const told = (await connection.events()).filter((event) => event.startsWith("domain Lifecycle slow"));
  assert.deepEqual(
    told,
    ["2 0", "3 0", "4 0"].map((what) => `domain Lifecycle slow ${what}`),
  );
  const params = [uintParam("weight", 512)];
  await router.call("domainSetSchedulerParameters", { dom, params });
  assert.match(await xl("sched-credit2", "-d", "slow"), /slow +\d+ +512 /);
  await router.call("domainPinVcpu", { dom, vcpu: 0, cpumap: Uint8Array.of(1) });
  await fails(() => router.call("domainPinVcpu", { dom, vcpu: 0, cpumap: Uint8Array.of(2) }), "INVALID_ARG");
  await router.call("domainSetMaxMemory", { dom, memory: 120_000n });
  assert.equal((await router.call("domainGetMaxMemory", { dom })).memory, 120_000n);
  assert.ok((await router.call("domainGetInfo", { dom })).cpuTime > 0n);

  await connection.events();
  await router.call("domainReboot", { dom, flags: 0 });
  await connection.hears("domain Lifecycle slow 2 0");
  const again: Domain = (await router.call("domainLookupByName", { name: "slow" })).dom;
  assert.ok(again.id > dom.id);
  await router.call("domainDestroy", { dom });
  await fails(() => router.call("domainLookupByName", { name: "slow" }), "NO_DOMAIN");
  assert.doesNotMatch(await xl("list"), /slow/);
});

test("that a guest has shut down is seen by xl alone", async (t) => {
  await using connection = await watchedXen(t);
  const { router } = connection;
  const { dom } = await router.call("domainCreateXml", { xmlDesc: endingXml("ends"), flags: 1 });
  t.after(() => xl("destroy", "ends").catch(() => {}));
  await router.call("domainResume", { dom });
  await connection.hears("domain Lifecycle ends 5 0");
  await fails(() => router.call("domainLookupByName", { name: "ends" }), "NO_DOMAIN");
  assert.doesNotMatch(await xl("list"), /ends/);
});
