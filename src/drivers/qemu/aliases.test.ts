import assert from "node:assert/strict";
import { test } from "node:test";
import { type Domain, parseDomain } from "../../model/domain/index.ts";
import { assignAliases } from "./aliases.ts";

function named(devices: string, machine = "pc"): Domain {
  const domain = parseDomain(
    `<domain type='qemu'><name>g</name><memory>1024</memory><os><type arch='x86_64' machine='${machine}'>hvm</type></os>` +
      `<devices>${devices}</devices></domain>`,
    { inactive: true },
  );
  assignAliases(domain);
  return domain;
}

const disk = (dev: string, bus: string, rest = "") =>
  `<disk type='file' device='disk'><source file='/d'/><target dev='${dev}' bus='${bus}'/>${rest}</disk>`;
const aliases = (devices: readonly { alias?: string | undefined }[]) => devices.map(({ alias }) => alias);

test("disks are called by where they are", () => {
  const { devices } = named(
    disk("vdc", "virtio") +
      disk("hdb", "ide") +
      disk("sda", "scsi", "<address type='drive' controller='1' bus='0' target='2' unit='3'/>") +
      disk("sdb", "scsi", "<address type='drive' controller='0' bus='0' target='0' unit='6'/>") +
      "<controller type='scsi' index='0' model='lsilogic'/><controller type='scsi' index='1' model='virtio-scsi'/>",
  );
  assert.deepEqual(aliases(devices.disks), ["virtio-disk2", "ide0-0-1", "scsi1-0-2-3", "scsi0-0-6"]);
});

test("controllers of the board go by the board's names", () => {
  const list =
    "<controller type='usb' index='0' model='piix3-uhci'/><controller type='usb' index='1' model='nec-xhci'/>" +
    "<controller type='ide' index='0'/><controller type='sata' index='0'/><controller type='pci' index='0' model='pci-root'/>";
  assert.deepEqual(aliases(named(list).devices.controllers).sort(), ["ide", "pci.0", "sata0", "usb", "usb1"]);
  const express = "<controller type='sata' index='0'/><controller type='pci' index='0' model='pcie-root'/>";
  assert.deepEqual(aliases(named(express, "q35").devices.controllers).sort(), ["ide", "pcie.0"]);
});

test("a user's own names stay, and names are never given twice", () => {
  const card = (alias = "") => `<interface type='user'>${alias}</interface>`;
  const domain = named(
    [card(), card("<alias name='ua-mine'/>"), card(), "<serial type='pty'/>", "<serial type='pty'/>"].join(""),
  );
  assert.deepEqual(aliases(domain.devices.interfaces), ["net0", "ua-mine", "net1"]);

  // One goes while the guest runs, another comes.
  domain.devices.serials.shift();
  domain.devices.serials.push({ ...domain.devices.serials[0], alias: undefined } as never);
  assignAliases(domain);
  assert.deepEqual(aliases(domain.devices.serials), ["serial1", "serial2"]);
});

test("modules of memory are called by their slots", () => {
  const module = (slot: number) =>
    `<memory model='dimm'><target><size>64</size></target><address type='dimm' slot='${slot}'/></memory>`;
  assert.deepEqual(aliases(named(module(0) + module(2)).devices.memories), ["dimm0", "dimm2"]);
});
