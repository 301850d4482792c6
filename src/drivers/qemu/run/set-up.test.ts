import assert from "node:assert/strict";
import { test } from "node:test";
import { guestXml } from "../../../../test/helpers/qemu-driver.ts";
import { parseDomain } from "../../../model/domain/index.ts";
import type { LiveDomain } from "../domain/live.ts";
import { launchSettings } from "../settings/index.ts";
import { parseSettings } from "../settings/read.ts";
import { setUp } from "./set-up.ts";

/** What the monitor is asked for a guest with such devices and settings. */
async function asked(devices: string, settings: string): Promise<[string, unknown][]> {
  const asked: [string, unknown][] = [];
  const monitor = { ask: async (command: string, _: unknown, args: unknown) => void asked.push([command, args]) };
  const definition = parseDomain(guestXml("g", "", devices));
  const host = { memoryBackingFolder: "/ram", hugepageMounts: [], hasFolder: () => false };
  const live = { monitor, definition } as unknown as LiveDomain;
  await setUp(live, launchSettings(parseSettings(settings, "qemu.conf"), host));
  return asked;
}

test("a cable that is out is pulled before the guest runs", async () => {
  const card = (link: string): string => `<interface type='user'>${link}<alias name='ua-n'/></interface>`;
  assert.deepEqual(await asked(card("<link state='down'/>"), ""), [["set_link", { name: "ua-n", up: false }]]);
  assert.deepEqual(await asked(card("<link state='up'/>"), ""), []);
});

test("a screen without a password of its own has that of the settings", async () => {
  const passwords = async (vnc: string): Promise<unknown[]> =>
    (await asked(vnc, 'vnc_password = "common"')).flatMap(([command, args]) =>
      command === "set_password" ? [(args as { password: string }).password] : [],
    );
  assert.deepEqual(await passwords("<graphics type='vnc'/>"), ["common"]);
  assert.deepEqual(await passwords("<graphics type='vnc' passwd='own'/>"), ["own"]);
  assert.deepEqual(await asked("<graphics type='vnc'/>", ""), []);
});
