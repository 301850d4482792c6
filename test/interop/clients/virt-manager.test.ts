/**
 * virt-manager, by its own code and with its windows on a display of the test's own: it runs on tsvirtd and on the C
 * libvirtd, and cannot tell which of the two it talks to. Its packages bring a desktop's libraries along, so it is used
 * where it is there.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import { projectRoot } from "../../helpers/project.ts";
import { runClient } from "../../helpers/tsvirtd.ts";
import { python, withoutLibvirtd } from "../../remote/libvirtd.ts";
import { type Household, startCHousehold, startHousehold } from "./guest.ts";

const program = join(projectRoot, "test/interop/clients/programs/virt_manager.py");

function without(): string | false {
  const lacking = ["/usr/share/virt-manager/virtManager", "/usr/bin/Xvfb"].filter((path) => !existsSync(path));
  return withoutLibvirtd() || (lacking.length > 0 && `not installed: ${lacking.join(", ")}`);
}

/** A display without a screen. @returns its name */
async function startDisplay(t: TestContext): Promise<string> {
  const child = spawn("Xvfb", ["-displayfd", "3", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const gone = once(child, "exit");
  t.after(() => {
    child.kill();
    return gone;
  });
  const [number] = await Promise.race([once(child.stdio[3] as Readable, "data"), gone.then(() => ["none"])]);
  return `:${String(number).trim()}`;
}

async function answers({ qemu, image }: Household, env: NodeJS.ProcessEnv): Promise<Record<string, unknown>> {
  const second = `${image}.second`;
  await writeFile(second, "");
  await chmod(second, 0o666);
  await truncate(second, 1 << 20);
  const { code, stdout, stderr } = await runClient(python, [program, qemu, image], env);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

test("virt-manager cannot tell tsvirtd from libvirtd", { skip: without() }, async (t) => {
  const home = await mkdtemp(join(tmpdir(), "tsvirt-home-"));
  t.after(() => rm(home, { recursive: true, force: true }));
  const env = { DISPLAY: await startDisplay(t), HOME: home, XDG_RUNTIME_DIR: home };
  const got = await answers(await startHousehold(t), env);
  assert.deepEqual(got["with another disk"], ["vda", "vdb"]);
  assert.deepEqual(got.one, ["guest"]);
  assert.deepEqual(got, await answers(await startCHousehold(t), env));
});
