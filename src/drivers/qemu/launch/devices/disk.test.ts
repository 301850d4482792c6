import assert from "node:assert/strict";
import { test } from "node:test";
import { chardevsOf, deviceOf, partsOf, propsOf } from "../../../../../test/helpers/device-parts.ts";
import { isLibvirtError } from "../../../../errors.ts";

interface DiskXml {
  readonly kind?: string;
  readonly driver?: string;
  readonly source?: string;
  readonly type?: string;
  readonly bus?: string;
  readonly dev?: string;
  readonly more?: string;
}

function disk({
  kind = "disk",
  driver = "type='raw'",
  type = "file",
  bus = "virtio",
  dev = "vda",
  ...rest
}: DiskXml = {}) {
  const { source = "<source file='/images/a'/>", more = "" } = rest;
  return (
    `<disk type='${type}' device='${kind}'><driver name='qemu' ${driver}/>${source}` +
    `<target dev='${dev}' bus='${bus}'/>${more}</disk>`
  );
}

const nodes = (xml: string, around = {}) => propsOf(partsOf("disks", xml, around), "blockdev");

test("images are numbered from the last disk on, chains from their top, empty drives among them", () => {
  const base =
    "<backingStore type='file'><format type='raw'/><source file='/images/base'/><backingStore/></backingStore>";
  const xml = [
    disk({ driver: "type='qcow2'", more: base }),
    disk({ dev: "hda", bus: "ide", kind: "cdrom", source: "" }),
    disk({ dev: "vdb", source: "<source file='/images/b'/>" }),
  ].join("");
  assert.deepEqual(
    nodes(xml).map((node) => [node["node-name"], node.filename ?? node.file, node.backing]),
    [
      ["libvirt-4-storage", "/images/base", undefined],
      ["libvirt-4-format", "libvirt-4-storage", undefined],
      ["libvirt-3-storage", "/images/a", undefined],
      ["libvirt-3-format", "libvirt-3-storage", "libvirt-4-format"],
      ["libvirt-2-storage", "/images/b", undefined],
      ["libvirt-2-format", "libvirt-2-storage", undefined],
    ],
  );
});

test("a chain that ends is told from one that nobody has looked at", () => {
  const backing = (more: string) => nodes(disk({ driver: "type='qcow2'", more })).at(-1);
  assert.equal(backing("<backingStore/>")?.backing, null);
  assert.equal("backing" in (backing("") ?? {}), false);
});

test("how caching, discarding and zeroes reach the nodes and the drive", () => {
  const driver = "type='qcow2' cache='writethrough' discard='ignore' detect_zeroes='unmap' io='threads'";
  const parts = partsOf("disks", disk({ driver }));
  const [storage, format] = propsOf(parts, "blockdev");
  const cache = { direct: false, "no-flush": false };
  assert.deepEqual(storage, {
    driver: "file",
    filename: "/images/a",
    aio: "threads",
    "node-name": "libvirt-1-storage",
    cache,
    "auto-read-only": true,
    discard: "unmap",
  });
  assert.deepEqual(format, {
    "node-name": "libvirt-1-format",
    "read-only": false,
    cache,
    discard: "ignore",
    "detect-zeroes": "on",
    driver: "qcow2",
    file: "libvirt-1-storage",
  });
  assert.equal(deviceOf(parts)["write-cache"], "off");
});

test("a shared disk bypasses the host's cache unless it cannot be written", () => {
  const caches = (more: string) => nodes(disk({ more })).map(({ cache }) => cache);
  assert.deepEqual(caches("<shareable/>"), Array(2).fill({ direct: true, "no-flush": false }));
  assert.deepEqual(caches("<shareable/><readonly/>"), [undefined, undefined]);
});

test("slices: of raw images in the format, of others below it; large ones exactly", () => {
  const source =
    "<source file='/images/a'><slices><slice type='storage' offset='9007199254740993' size='10'/></slices></source>";
  assert.equal(nodes(disk({ source }))[1]?.offset, 9007199254740993n);
  const [, slice, format] = nodes(disk({ source, driver: "type='qcow2'" }));
  assert.equal(slice?.["node-name"], "libvirt-1-slice-sto");
  assert.equal(format?.file, "libvirt-1-slice-sto");
});

test("encryption: LUKS volumes, encrypted formats, and what the storage decrypts itself", () => {
  const encryption = (engine: string) =>
    `<encryption format='luks' ${engine}><secret type='passphrase' uuid='0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f'/></encryption>`;
  const source = `<source file='/images/a'>${encryption("")}</source>`;
  const raw = partsOf("disks", disk({ source }));
  assert.equal(propsOf(raw, "object")[0]?.data, "0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f");
  const key = "libvirt-1-format-encryption-secret0";
  assert.equal(propsOf(raw, "blockdev")[1]?.driver, "luks");
  assert.equal(propsOf(raw, "blockdev")[1]?.["key-secret"], key);
  const inside = nodes(disk({ source, driver: "type='qcow2'" }))[1];
  assert.deepEqual(inside?.encrypt, { format: "luks", "key-secret": key });
  const rbd = `<source protocol='rbd' name='pool/image'>${encryption("engine='librbd'")}</source>`;
  const [storage, format] = nodes(disk({ type: "network", source: rbd }));
  assert.deepEqual(storage?.encrypt, { format: "luks", "key-secret": key });
  assert.equal(format?.driver, "raw");
});

test("images on servers", () => {
  const place = (source: string) => {
    const [props = {}] = nodes(disk({ type: "network", source: `<source ${source}</source>` }));
    const { "node-name": _name, "auto-read-only": _auto, discard: _discard, ...rest } = props;
    return rest;
  };
  const server = { type: "inet", host: "h", port: "10809" };
  assert.deepEqual(place("protocol='nbd' name='x'><host name='h'/>"), { driver: "nbd", server, export: "x" });
  assert.deepEqual(place("protocol='iscsi' name='iqn.x:y/2'><host name='::1'/>"), {
    driver: "iscsi",
    portal: "[::1]:3260",
    target: "iqn.x:y",
    lun: 2,
    transport: "tcp",
  });
  assert.deepEqual(place("protocol='https' name='/a b?c' query='q=1'><host name='h'/><ssl verify='no'/>"), {
    driver: "https",
    url: "https://h:443/a%20b%3Fc?q=1",
    sslverify: false,
  });
  assert.deepEqual(place("protocol='gluster' name='v/dir/i'><host name='h'/><host transport='unix' socket='/s'/>"), {
    driver: "gluster",
    volume: "v",
    path: "dir/i",
    server: [
      { type: "inet", host: "h", port: "24007" },
      { type: "unix", path: "/s" },
    ],
  });
  assert.deepEqual(place("protocol='ssh' name='/i'><host name='h'/>"), {
    driver: "ssh",
    path: "/i",
    server: { host: "h", port: "22" },
  });
});

test("a server that does not say where in it an image is, is refused", () => {
  const source = "<source protocol='gluster' name='volume'><host name='h'/></source>";
  assert.throws(() => nodes(disk({ type: "network", source })), isLibvirtError);
});

test("host drives, volumes, passed descriptors", () => {
  const first = (xml: string, around = {}) => nodes(xml, around)[0];
  const cdrom = disk({ type: "block", kind: "cdrom", dev: "hda", bus: "ide", source: "<source dev='/dev/cdrom'/>" });
  assert.equal(first(cdrom)?.driver, "host_cdrom");
  const volume = disk({ type: "volume", source: "<source pool='p' volume='v'/>" });
  assert.equal(first(volume)?.filename, "/dev/p/v");
  const passed = disk({ source: "<source file='/images/a' fdgroup='g'/>" });
  assert.equal(first(passed)?.filename, "/dev/fdset/0");
  assert.equal(first(passed)?.["read-only"], false);
  const two = { facts: { fdSet: () => ({ set: 3, descriptors: 2 }) } };
  assert.equal(first(passed, two)?.["auto-read-only"], true);
});

test("drives on their buses", () => {
  const drive = (xml: DiskXml) => propsOf(partsOf("disks", disk(xml), { os }), "device").at(-1);
  const os = "<boot dev='network'/>";
  const place = { drive: "libvirt-1-format" };
  assert.deepEqual(drive({ bus: "ide", dev: "hdd" }), {
    driver: "ide-hd",
    bus: "ide.1",
    unit: 1,
    ...place,
    id: "ide0-1-1",
  });
  assert.deepEqual(drive({ bus: "sata", dev: "sdb", kind: "cdrom" }), {
    driver: "ide-cd",
    bus: "sata0.1",
    ...place,
    id: "sata0-0-1",
  });
  assert.deepEqual(drive({ bus: "usb", dev: "sda" }), {
    driver: "usb-storage",
    bus: "usb.0",
    port: "1",
    ...place,
    id: "usb-disk0",
    removable: false,
  });
  assert.deepEqual(drive({ bus: "fdc", dev: "fdb", kind: "floppy" }), {
    driver: "floppy",
    unit: 1,
    ...place,
    id: "fdc0-0-1",
  });
});

test("SCSI: what a narrow bus has no words for, and ids that do not depend on the image", () => {
  const scsi = (model: string, xml: DiskXml = {}) => {
    const controller = `<controller type='scsi' index='0' model='${model}'/>`;
    return propsOf(
      partsOf("disks", controller + disk({ bus: "scsi", dev: "sdb", ...xml }), { flags: ["lsi"] }),
      "device",
    )[0];
  };
  assert.equal("lun" in (scsi("lsilogic") ?? {}), false);
  assert.equal(scsi("lsilogic")?.["scsi-id"], 1);
  const wide = scsi("virtio-scsi", { more: "<serial>abc</serial><wwn>5000c50015ea71ac</wwn>" });
  assert.deepEqual([wide?.channel, wide?.["scsi-id"], wide?.lun], [0, 0, 1]);
  assert.equal(wide?.device_id, "abc");
  assert.equal(wide?.wwn, 0x5000c50015ea71acn);
  assert.equal(scsi("virtio-scsi")?.device_id, "drive-scsi0-0-0-1");
  const lun = { type: "block", kind: "lun", source: "<source dev='/dev/sda'/>", driver: "type='raw' cache='none'" };
  assert.equal(scsi("virtio-scsi", lun)?.driver, "scsi-block");
  assert.equal("write-cache" in (scsi("virtio-scsi", lun) ?? {}), false);
});

test("what happens on errors", () => {
  const policy = (driver: string) => {
    const { werror, rerror } = deviceOf(partsOf("disks", disk({ driver: `type='raw' ${driver}` })));
    return [werror, rerror];
  };
  assert.deepEqual(policy("error_policy='stop'"), ["stop", "stop"]);
  assert.deepEqual(policy("error_policy='enospace'"), ["enospc", undefined]);
  assert.deepEqual(policy("error_policy='report' rerror_policy='ignore'"), ["report", "ignore"]);
});

test("SCSI commands to virtio disks: off where emulators would let them through", () => {
  const scsi = (flags: readonly "virtio-blk-pci.scsi"[] | readonly string[], xml: DiskXml = {}) =>
    deviceOf(partsOf("disks", disk(xml), { flags: flags as never })).scsi;
  const old = ["virtio-blk-pci.scsi"];
  const lun = { kind: "lun", type: "block", source: "<source dev='/dev/sda'/>" };
  assert.equal(scsi([]), undefined);
  assert.equal(scsi(old), false);
  assert.equal(scsi(old, lun), true);
  assert.equal(scsi([...old, "virtio-blk-pci.scsi.default.disabled"]), undefined);
});

test("boot order by kind of device, or each device's own", () => {
  const os = "<boot dev='cdrom'/><boot dev='hd'/>";
  const xml = disk() + disk({ dev: "vdb" }) + disk({ dev: "hda", bus: "ide", kind: "cdrom" });
  const order = (props: string, around = {}) =>
    propsOf(partsOf("disks", props, around), "device").map((p) => p.bootindex);
  assert.deepEqual(order(xml, { os }), [2, undefined, 1]);
  assert.deepEqual(order(disk({ more: "<boot order='7'/>" })), [7]);
});

test("the floppy controller is asked for booting, and is there only where a board lacks it", () => {
  const floppy = disk({ bus: "fdc", dev: "fda", kind: "floppy", more: "<boot order='3'/>" });
  const [first] = partsOf("disks", floppy);
  assert.deepEqual(first, { kind: "option", words: ["-global", "isa-fdc.bootindexA=3"] });
  const [controller] = propsOf(partsOf("disks", floppy, { machine: "q35" }), "device");
  assert.deepEqual(controller, { driver: "isa-fdc", bootindexA: 3 });
});

test("helpers for persistent reservations: one for all, or one of the disk's own", () => {
  const lun = (dev: string, reservations: string) =>
    disk({ type: "block", kind: "lun", dev, source: `<source dev='/dev/sdx'>${reservations}</source>` });
  const own = "<reservations managed='no'><source type='unix' path='/run/pr.sock' mode='client'/></reservations>";
  const parts = partsOf("disks", lun("vda", "<reservations managed='yes'/>") + lun("vdb", own));
  assert.deepEqual(propsOf(parts, "object"), [
    { "qom-type": "pr-manager-helper", id: "pr-helper0", path: "/run/guest/pr-helper0.sock" },
    { "qom-type": "pr-manager-helper", id: "pr-helper-libvirt-1-storage", path: "/run/pr.sock" },
  ]);
  const managers = propsOf(parts, "blockdev").map((node) => node["pr-manager"]);
  assert.deepEqual(managers, ["pr-helper0", undefined, "pr-helper-libvirt-1-storage", undefined]);
});

test("disks of a process behind a socket", () => {
  const source = "<source type='unix' path='/run/blk.sock'><reconnect enabled='yes' timeout='5'/></source>";
  const xml = `<disk type='vhostuser' device='disk'>${source}<target dev='vda' bus='virtio'/></disk>`;
  const parts = partsOf("disks", xml, { os: "<boot dev='network'/>" });
  assert.deepEqual(chardevsOf(parts), {
    "chr-vu-virtio-disk0": {
      type: "socket",
      data: { addr: { type: "unix", data: { path: "/run/blk.sock" } }, server: false, reconnect: 5 },
    },
  });
  assert.deepEqual(deviceOf(parts), {
    driver: "vhost-user-blk-pci",
    chardev: "chr-vu-virtio-disk0",
    id: "virtio-disk0",
  });
});

test("a disk that shares what it lies on comes later, all others of a transient guest at once", () => {
  assert.deepEqual(partsOf("disks", disk({ more: "<transient shareBacking='yes'/>" })), []);
  assert.equal(nodes(disk({ more: "<transient/>" })).length, 2);
});
