import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type FakeTree, fakeTree } from "../../../test/helpers/fake-tree.ts";
import { hostTree } from "../../host/node/file-tree.ts";
import { sysTree } from "../../host/node/sysfs.ts";
import { formatNodeDevice } from "../../model/node-device.ts";
import { describeDevice } from "./describe.ts";
import { parseIds } from "./ids.ts";
import { linksOf } from "./pci-config.ts";
import { type DeviceSources, parentOf, scanDevices } from "./scan.ts";

const bridge = "sys/devices/pci0000:00/0000:00:1c.0";
const card = `${bridge}/0000:01:00.0`;
const disk = `${card}/host0/target0:0:0/0:0:0:0`;
const usb = "sys/devices/pci0000:00/0000:00:1d.0/usb1/1-1";

const facts: FakeTree = {
  [`${bridge}/vendor`]: "0x8086\n",
  [`${bridge}/device`]: "0x1234\n",
  [`${bridge}/class`]: "0x060400\n",
  [`${bridge}/config`]: pciConfig(1),
  [`${bridge}/driver`]: { link: "sys/bus/pci/drivers/pcieport" },
  "sys/bus/pci/drivers/pcieport/bind": "",
  "sys/bus/pci/devices/0000:00:1c.0": { link: bridge },
  [`${card}/vendor`]: "0x1af4\n",
  [`${card}/device`]: "0x1004\n",
  [`${card}/class`]: "0x010000\n",
  [`${card}/numa_node`]: "0\n",
  [`${card}/config`]: pciConfig(0),
  [`${card}/iommu_group`]: { link: "sys/kernel/iommu_groups/7" },
  "sys/kernel/iommu_groups/7/devices/0000:01:00.0": { link: card },
  "sys/bus/pci/devices/0000:01:00.0": { link: card },
  [`${card}/host0/uevent`]: "DEVTYPE=scsi_host\n",
  "sys/bus/scsi/devices/host0": { link: `${card}/host0` },
  "sys/class/scsi_host/host0/unique_id": "3\n",
  "sys/bus/scsi/devices/target0:0:0": { link: `${card}/host0/target0:0:0` },
  [`${disk}/type`]: "0\n",
  [`${disk}/vendor`]: "QEMU\n",
  [`${disk}/model`]: "QEMU HARDDISK\n",
  "sys/bus/scsi/devices/0:0:0:0": { link: disk },
  [`${disk}/block/sda/dev`]: "8:0\n",
  [`${disk}/block/sda/size`]: "2048\n",
  [`${disk}/block/sda/removable`]: "0\n",
  [`${disk}/block/sda/uevent`]: "MAJOR=8\nMINOR=0\nDEVNAME=sda\nDEVTYPE=disk\n",
  [`${disk}/block/sda/queue/logical_block_size`]: "512\n",
  [`${disk}/block/sda/device`]: { link: disk },
  "sys/class/block/sda": { link: `${disk}/block/sda` },
  "sys/class/block/sda1": { link: `${disk}/block/sda` },
  "sys/class/block/loop0": { link: `${disk}/block/sda` },
  "udev/b8:0": "S:disk/by-id/scsi-7\nE:ID_SERIAL=QEMU_7\nE:ID_BUS=scsi\n",
  [`${usb}/idVendor`]: "0627\n",
  [`${usb}/idProduct`]: "0001\n",
  [`${usb}/busnum`]: "1\n",
  [`${usb}/devnum`]: "2\n",
  [`${usb}/product`]: "QEMU USB Tablet\n",
  "sys/bus/usb/devices/1-1": { link: usb },
  [`${usb}/1-1:1.0/bInterfaceClass`]: "03\n",
  "sys/bus/usb/devices/1-1:1.0": { link: `${usb}/1-1:1.0` },
  "sys/devices/virtual/net/lo/address": "00:00:00:00:00:00\n",
  "sys/devices/virtual/net/lo/operstate": "unknown\n",
  "sys/class/net/lo": { link: "sys/devices/virtual/net/lo" },
  "sys/class/dmi/id/sys_vendor": "Maker\n",
  "sys/class/dmi/id/bios_date": "01/02/2020\n",
  "names/pci.ids":
    "# list\n1af4  Red Hat, Inc.\n\t1004  Virtio SCSI\n\t\t1af4 0001  sub\n8086  Intel Corporation\nC 00  class\n",
};

/** A configuration space with an express capability, whose link is one lane of 2.5 GT/s of the four at 8 it could be. */
function pciConfig(header: number): Uint8Array {
  const config = new DataView(new ArrayBuffer(256));
  config.setUint16(0x06, 0x10, true);
  config.setUint8(0x0e, header);
  config.setUint8(0x34, 0x40);
  config.setUint8(0x40, 0x10);
  config.setUint16(0x42, 0x02, true);
  config.setUint32(0x4c, (2 << 24) | (4 << 4) | 3, true);
  config.setUint16(0x52, (1 << 4) | 1, true);
  return new Uint8Array(config.buffer);
}

async function sources(t: TestContext): Promise<DeviceSources> {
  const root = await fakeTree(t, facts);
  return {
    sys: sysTree(join(root, "sys")),
    udev: hostTree(join(root, "udev")),
    names: hostTree(join(root, "names")),
  };
}

test("devices have libvirt's names, and hang on each other as in /sys", async (t) => {
  const devices = await scanDevices(await sources(t));
  const tree = [...devices.values()].map((device) => [device.name, parentOf(device, devices)?.name]);
  assert.deepEqual(Object.fromEntries(tree), {
    computer: undefined,
    pci_0000_00_1c_0: "computer",
    pci_0000_01_00_0: "pci_0000_00_1c_0",
    usb_1_1: "computer",
    usb_1_1_1_0: "usb_1_1",
    net_lo_00_00_00_00_00_00: "computer",
    scsi_host0: "pci_0000_01_00_0",
    scsi_target0_0_0: "scsi_host0",
    scsi_0_0_0_0: "scsi_target0_0_0",
    block_sda_QEMU_7: "scsi_0_0_0_0",
  });
});

test("a card, a disk and a machine as documents", async (t) => {
  const from = await sources(t);
  const devices = await scanDevices(from);
  const xml = async (name: string) => {
    const device = devices.get(name);
    assert.ok(device, name);
    return formatNodeDevice(await describeDevice(from, device, devices));
  };
  assert.equal(
    await xml("pci_0000_01_00_0"),
    `<device>
  <name>pci_0000_01_00_0</name>
  <path>/sys/devices/pci0000:00/0000:00:1c.0/0000:01:00.0</path>
  <parent>pci_0000_00_1c_0</parent>
  <capability type='pci'>
    <class>0x010000</class>
    <domain>0</domain>
    <bus>1</bus>
    <slot>0</slot>
    <function>0</function>
    <product id='0x1004'>Virtio SCSI</product>
    <vendor id='0x1af4'>Red Hat, Inc.</vendor>
    <iommuGroup number='7'>
      <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
    </iommuGroup>
    <numa node='0'/>
    <pci-express>
      <link validity='cap' port='2' speed='8' width='4'/>
      <link validity='sta' speed='2.5' width='1'/>
    </pci-express>
  </capability>
</device>
`,
  );
  assert.match(
    await xml("pci_0000_00_1c_0"),
    /<driver>\n {4}<name>pcieport<\/name>.*<capability type='pci-bridge'\/>/s,
  );
  const sda = await xml("block_sda_QEMU_7");
  for (const part of [
    "<devnode type='dev'>/dev/sda</devnode>",
    "<devnode type='link'>/dev/disk/by-id/scsi-7</devnode>",
    "<bus>scsi</bus>",
    "<drive_type>disk</drive_type>",
    "<vendor>QEMU</vendor>",
    "<serial>QEMU_7</serial>",
    "<size>1048576</size>",
    "<num_blocks>2048</num_blocks>",
  ]) {
    assert.ok(sda.includes(part), `${part} in ${sda}`);
  }
  assert.match(await xml("computer"), /<vendor>Maker<\/vendor>.*<release_date>01\/02\/2020<\/release_date>/s);
  assert.match(await xml("scsi_0_0_0_0"), /<type>disk<\/type>/);
  assert.match(await xml("usb_1_1"), /<product id='0x0001'>QEMU USB Tablet<\/product>/);
  assert.match(await xml("scsi_host0"), /<host>0<\/host>\n {4}<unique_id>3<\/unique_id>/);
});

test("configuration spaces that say nothing, lie, or go in circles", () => {
  assert.deepEqual(linksOf(new Uint8Array()), { header: 0 });
  assert.deepEqual(linksOf(new Uint8Array(64)), { header: 0 });
  assert.deepEqual(linksOf(new Uint8Array(4096)), { header: 0, links: [] });
  const circle = new Uint8Array(256);
  circle.set([0x10], 0x06);
  circle.set([0x40], 0x34);
  circle.set([0x05, 0x40], 0x40);
  assert.deepEqual(linksOf(circle), { header: 0 });
  assert.deepEqual(linksOf(pciConfig(0).subarray(0, 64)), { header: 0 });
});

test("lists of names end where classes begin", () => {
  const names = parseIds("1234  One\n\t0001  Thing\nC 12  class\n\t0002  No\n5678  Late\n");
  assert.deepEqual([...names.keys()], ["1234"]);
  assert.deepEqual([...(names.get("1234")?.products ?? [])], [["0001", "Thing"]]);
});
