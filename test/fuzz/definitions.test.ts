/** Documents that may be anything are refused with a proper error or taken, soon, whatever they say. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isLibvirtError } from "../../src/errors.ts";
import { haveData, missingData } from "../conformance/data.ts";
import type { Seed } from "./definitions.ts";
import { mutate, random } from "./mutate.ts";

const suites = ["qemuxml2argv", "qemuxml2argv-versions", "qemuxml2argv-fakecaps", "qemuxml2argv-reject"];
/** How many documents are tried, from which seed on. Long runs set both. */
const count = Number(process.env.FUZZ_COUNT ?? 600);
const first = Number(process.env.FUZZ_SEED ?? 1);
/** Milliseconds; a document takes a few, the first of an emulator some hundred, on a busy machine more. */
const patience = 10_000;

/** It reads the data as soon as it is loaded. */
const definitions = () => import("./definitions.ts");

async function survives({ request }: Seed, xml: string, what: string): Promise<boolean> {
  const { wayOf } = await definitions();
  const start = process.cpuUsage();
  try {
    await wayOf(request, xml);
    return true;
  } catch (error) {
    const proper = isLibvirtError(error) && error.cause === undefined;
    assert.ok(proper, `${what}: ${error instanceof Error ? error.stack : error}\n${xml.slice(0, 4000)}`);
    return false;
  } finally {
    // Of the processor, which others may be using as well.
    const { user, system } = process.cpuUsage(start);
    const took = (user + system) / 1000;
    assert.ok(took < patience, `${what}: took ${took} ms\n${xml.slice(0, 4000)}`);
  }
}

test("changed definitions", { skip: haveData ? false : missingData }, async () => {
  const { seeds } = await definitions();
  const all = seeds(suites);
  let taken = 0;
  for (let seed = first; seed < first + count; seed++) {
    const next = random(seed);
    const chosen = all[Math.floor(next() * all.length)] as Seed;
    if (await survives(chosen, mutate(chosen.xml, next), `seed ${seed}, from ${chosen.request.id}`)) taken++;
  }
  // Where nearly nothing gets through, nearly nothing behind the reader is tried.
  assert.ok(taken > count / 20, `${taken} of ${count} were taken`);
});

const guest = (devices: string, machine = "pc") =>
  `<domain type='qemu'><name>guest</name><memory>1048576</memory><os><type arch='x86_64' machine='${machine}'>hvm</type></os>
  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>${devices}</devices></domain>`;
const greatest = 4294967295;

/** What would be counted up to, filled in between, or gone down into. */
const traps: Readonly<Record<string, string>> = {
  "a far bus": guest(`<controller type='pci' index='${greatest}' model='pci-bridge'/>`),
  "a far root port": guest(`<controller type='pci' index='65536' model='pcie-root-port'/>`, "q35"),
  "far USB": guest(`<controller type='usb' index='${greatest}'/>`),
  "far SCSI": guest(`<controller type='scsi' index='${greatest}'/>`),
  "a disk on a far controller": guest(
    `<disk type='file'><source file='/x'/><target dev='sda' bus='scsi'/><address type='drive' controller='${greatest}'/></disk>`,
  ),
  "a channel at a far port": guest(
    `<channel type='pty'><target type='virtio' name='x'/><address type='virtio-serial' port='${greatest}'/></channel>`,
  ),
  "a reader far away": guest(
    `<smartcard mode='host'><address type='ccid' controller='${greatest}' slot='0'/></smartcard>`,
  ),
  "a disk with a far name": guest(`<disk type='file'><source file='/x'/><target dev='sdzzzzzz' bus='scsi'/></disk>`),
  "more processors than there are numbers": guest("").replace("<os>", `<vcpu>${greatest}</vcpu><os>`),
  "as many threads": guest("").replace("<os>", `<iothreads>${greatest}</iothreads><os>`),
  "a port far up": guest(`<serial type='pty'><target port='${greatest}'/></serial>`),
  "much video memory": guest(
    `<video><model type='qxl' ram='${greatest}' vram='${greatest}' vram64='${greatest}'/></video>`,
  ),
  "a long chain": guest(
    `<disk type='file'><source file='/x'/>${"<backingStore type='file'><format type='raw'/><source file='/x'/>".repeat(200)}${"</backingStore>".repeat(200)}<target dev='vda'/></disk>`,
  ),
  "an endless chain": guest(
    `<disk type='file'><source file='/x'/>${"<backingStore type='file'>".repeat(100_000)}${"</backingStore>".repeat(100_000)}<target dev='vda'/></disk>`,
  ),
  "many disks": guest(
    Array.from(
      { length: 2000 },
      (_, at) => `<disk type='file'><source file='/x'/><target dev='sd${at}' bus='scsi'/></disk>`,
    ).join(""),
  ),
  "many cards": guest("<interface type='user'/>".repeat(2000)),
  "many hubs": guest("<hub type='usb'/>".repeat(2000)),
};

for (const [what, xml] of Object.entries(traps)) {
  test(what, { skip: haveData ? false : missingData }, async () => {
    const { seeds } = await definitions();
    const [seed] = seeds(["qemuxml2argv"]);
    assert.ok(seed);
    await survives(seed, xml, what);
  });
}
