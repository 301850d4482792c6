import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceOf, guestWith, partsOf, propsOf } from "../../../../../test/helpers/device-parts.ts";
import { isLibvirtError } from "../../../../errors.ts";
import { addressProps, findController } from "../address.ts";

test("places in the guest, by the alias of what a device is plugged into", () => {
  const domain = guestWith(
    "<controller type='usb' index='2' model='nec-xhci'><alias name='ua-usb'/></controller>" +
      "<controller type='pci' index='1' model='pci-bridge'/>",
  );
  const props = (address: Parameters<typeof addressProps>[0]["address"], acpi?: { index: number }) =>
    addressProps({ address, acpi }, domain);
  const pci = { type: "pci" as const, domain: 0, bus: 1, slot: 31, function: 2, multifunction: true };
  assert.deepEqual(props(pci, { index: 9 }), { "acpi-index": 9, bus: "pci.1", multifunction: true, addr: "0x1f.0x2" });
  assert.deepEqual(props({ type: "usb", bus: 2, port: "1.2" }), { bus: "ua-usb.0", port: "1.2" });
  assert.deepEqual(props({ type: "ccw", cssid: 0xfe, ssid: 1, devno: 0x2b }), { devno: "fe.1.002b" });
  assert.deepEqual(props({ type: "spapr-vio", reg: 0x2000n }), { reg: 8192 });
  assert.deepEqual(props({ type: "isa", iobase: 0x3f8, irq: 4 }), { iobase: 0x3f8, irq: 4 });
  assert.throws(() => findController(domain, "usb", 5), isLibvirtError);
});

test("PCI comes first, the reader of smart cards after the hubs, companions after their master", () => {
  const xml =
    "<controller type='ccid' index='0'/><controller type='scsi' index='0' model='virtio-scsi'/>" +
    "<controller type='usb' index='0' model='ich9-uhci1'/><controller type='usb' index='0' model='ich9-ehci1'/>" +
    "<controller type='pci' index='1' model='pci-bridge'/><hub type='usb'/>";
  const drivers = (kind: "controllers" | "hubs") => propsOf(partsOf(kind, xml), "device").map(({ driver }) => driver);
  assert.deepEqual(drivers("controllers"), ["pci-bridge", "ich9-usb-ehci1", "ich9-usb-uhci1", "virtio-scsi-pci"]);
  assert.deepEqual(drivers("hubs"), ["usb-hub", "usb-ccid"]);
  const companion = propsOf(partsOf("controllers", xml), "device")[2];
  assert.deepEqual([companion?.masterbus, companion?.firstport, companion?.id], ["usb.0", 0, undefined]);
});

test("SCSI devices of the host, numbered after the disks", () => {
  const xml =
    "<controller type='scsi' index='0' model='virtio-scsi'/>" +
    "<disk type='file' device='cdrom'><target dev='hda' bus='ide'/></disk>" +
    "<hostdev mode='subsystem' type='scsi'><source><adapter name='scsi_host0'/><address bus='0' target='0' unit='3'/>" +
    "</source><readonly/></hostdev>" +
    "<hostdev mode='subsystem' type='scsi'><source protocol='iscsi' name='iqn.x:y/7'><host name='h' port='3260'/>" +
    "<auth username='me'><secret type='iscsi' usage='pool'/></auth></source></hostdev>";
  const parts = partsOf("hostdevs", xml);
  assert.deepEqual(propsOf(parts, "blockdev"), [
    { driver: "host_device", filename: "/dev/sg0", "node-name": "libvirt-2-backend", "read-only": true },
    {
      driver: "iscsi",
      portal: "h:3260",
      target: "iqn.x:y",
      lun: 7,
      transport: "tcp",
      user: "me",
      "password-secret": "libvirt-3-backend-secret0",
      "node-name": "libvirt-3-backend",
      "read-only": false,
    },
  ]);
  assert.equal(propsOf(parts, "object")[0]?.data, "pool");
});

test("USB devices of the host, by path where the emulator takes one", () => {
  const xml =
    "<hostdev mode='subsystem' type='usb'><source guestReset='uninitialized'><address bus='14' device='6'/></source></hostdev>";
  const reset = { "guest-reset": true, "guest-resets-all": false, port: "1" };
  assert.deepEqual(deviceOf(partsOf("hostdevs", xml)), {
    driver: "usb-host",
    hostbus: 14,
    hostaddr: 6,
    id: "hostdev0",
    ...reset,
  });
  assert.deepEqual(deviceOf(partsOf("hostdevs", xml, { flags: ["usb-host.hostdevice"] })), {
    driver: "usb-host",
    hostdevice: "/dev/bus/usb/014/006",
    id: "hostdev0",
    ...reset,
  });
});

test("a device that is only kept from the host is no part of the guest", () => {
  const xml =
    "<hostdev mode='subsystem' type='pci'><source><address domain='0' bus='1' slot='0' function='0'/></source>" +
    "<address type='unassigned'/></hostdev>";
  assert.deepEqual(partsOf("hostdevs", xml), []);
});

test("which USB devices a client may bring", () => {
  const xml =
    "<redirdev bus='usb' type='spicevmc'/><graphics type='spice'/><redirfilter>" +
    "<usbdev class='0x08' vendor='0x15E1' product='0x2007' version='1.10' allow='yes'/><usbdev allow='no'/></redirfilter>";
  assert.equal(deviceOf(partsOf("redirdevs", xml)).filter, "0x08:0x15E1:0x2007:0x0110:1|-1:-1:-1:-1:0");
});

test("graphics cards: the firmware's, others, and those that another process draws", () => {
  const card = (inside: string, flags: Parameters<typeof partsOf>[2] = {}) =>
    propsOf(partsOf("videos", `<video>${inside}</video>`.repeat(2), flags), "device").map(({ driver }) => driver);
  assert.deepEqual(card("<model type='qxl'/>"), ["qxl-vga", "qxl"]);
  const virtio = "<model type='virtio'><acceleration accel3d='yes'/></model>";
  assert.deepEqual(card(virtio, { flags: ["virtio-vga", "virtio-vga-gl", "virtio-gpu-gl-pci"] }), [
    "virtio-vga-gl",
    "virtio-gpu-gl-pci",
  ]);
  const old = partsOf("videos", `<video>${virtio}</video>`, { flags: ["virtio-gpu.virgl"] });
  assert.deepEqual([deviceOf(old).driver, deviceOf(old).virgl], ["virtio-gpu-pci", true]);
});

test("codecs of a sound card that names none", () => {
  const xml = "<sound model='ich9'/><audio id='3' type='none'/>";
  const [card, codec] = propsOf(partsOf("sounds", xml), "device");
  assert.equal(card?.driver, "ich9-intel-hda");
  assert.deepEqual(codec, { driver: "hda-duplex", id: "sound0-codec0", bus: "sound0.0", cad: 0, audiodev: "audio3" });
});

test("folders of the host, whatever their names hold", () => {
  const xml =
    "<filesystem type='mount' accessmode='squash' multidevs='remap' fmode='0640'><driver type='path' wrpolicy='immediate'/>" +
    "<source dir='/a,b'/><target dir='tag'/><readonly/></filesystem>";
  const [fsdev] = partsOf("filesystems", xml, { flags: ["fsdev.multidevs"] });
  assert.deepEqual(fsdev, {
    kind: "option",
    words: [
      "-fsdev",
      "local,security_model=none,multidevs=remap,fmode=0640,writeout=immediate,id=fsdev-fs0,path=/a,,b,readonly=on",
    ],
  });
});

test("limits of random bytes hold for a second unless another period is given", () => {
  const rate = (attributes: string) => {
    const backend = "<backend model='random'>/dev/urandom</backend>";
    const props = deviceOf(partsOf("rngs", `<rng model='virtio'>${backend}<rate ${attributes}/></rng>`));
    return [props["max-bytes"], props.period];
  };
  assert.deepEqual(rate("bytes='5'"), [5, 1000]);
  assert.deepEqual(rate("bytes='5' period='20'"), [5, 20]);
});

test("shared memory, and memory that a server hands out", () => {
  const xml =
    "<shmem name='a' role='peer'><model type='ivshmem-plain'/><size unit='M'>2</size></shmem>" +
    "<shmem name='b'><model type='ivshmem-doorbell'/><server path='/s'/><msi vectors='4' ioeventfd='off'/></shmem>";
  const parts = partsOf("shmems", xml, { flags: ["ivshmem-plain", "ivshmem-doorbell"] });
  assert.deepEqual(propsOf(parts, "object"), [
    { "qom-type": "memory-backend-file", id: "shmmem-shmem0", "mem-path": "/dev/shm/a", size: 2097152, share: true },
  ]);
  const [plain, doorbell] = propsOf(parts, "device");
  assert.equal(plain?.master, "off");
  assert.deepEqual([doorbell?.vectors, doorbell?.ioeventfd], [4, false]);
});

test("properties that a definition changes by hand", () => {
  const rng = "<rng model='virtio'><backend model='random'>/dev/urandom</backend><alias name='ua-r'/></rng>";
  const after =
    "<qemu:override xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><qemu:device alias='ua-r'><qemu:frontend>" +
    "<qemu:property name='a' type='unsigned' value='7'/><qemu:property name='b' type='bool' value='true'/>" +
    "<qemu:property name='rng' type='remove'/></qemu:frontend></qemu:device></qemu:override>";
  assert.deepEqual(deviceOf(partsOf("rngs", rng, { after })), { driver: "virtio-rng-pci", id: "ua-r", a: 7n, b: true });
});
