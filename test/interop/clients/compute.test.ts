/**
 * OpenStack's compute driver, by its own code: it runs on tsvirtd and on the C libvirtd, and cannot tell which of the two
 * it talks to. Its package brings a hundred others along, so it is used where it is there.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../helpers/project.ts";
import { runClient } from "../../helpers/tsvirtd.ts";
import { python, withoutLibvirtd } from "../../remote/libvirtd.ts";
import { type Household, startCHousehold, startHousehold } from "./guest.ts";

const program = join(projectRoot, "test/interop/clients/programs/compute.py");
const driver = "/usr/lib/python3/dist-packages/nova/virt/libvirt/driver.py";
const skip = withoutLibvirtd() || (existsSync(driver) ? false : "python3-nova is not installed");

async function answers({ qemu, image }: Household): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runClient(python, [program, qemu, image]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

test("OpenStack's compute driver cannot tell tsvirtd from libvirtd", { skip }, async (t) => {
  const got = await answers(await startHousehold(t));
  assert.deepEqual(got.disks, ["vda"]);
  assert.deepEqual(got["with another"], ["vda", "vdb"]);
  assert.ok((got.events as string[]).includes("Stopped"));
  assert.deepEqual(got, await answers(await startCHousehold(t)));
});
