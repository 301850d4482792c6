import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LibvirtError } from "../../errors.ts";
import { formatDomain, parseDomain } from "../domain/index.ts";
import { settingNames } from "./configuration.ts";
import {
  type Dialect,
  definitionOfLibxl,
  formatXenConfiguration,
  formatXendDomain,
  libxlConfig,
  libxlEntry,
  parseXenConfiguration,
  parseXenDomain,
  parseXendDomain,
} from "./index.ts";

const uuid = 'uuid = "c7a5fdb2-cdaf-9455-926a-d65c16db1809"\n';
const pv = `name = "guest"\n${uuid}memory = 394\nvcpus = 1\n`;
const hvm = `${pv}builder = "hvm"\n`;

const fails = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof LibvirtError && error.codeName === code && message.test(error.message);

/** Lines that must come back the same after a way through XML. */
function roundTrip(dialect: Dialect, base: string, ...lines: readonly string[]): void {
  const domain = parseXenConfiguration(base + lines.join("\n"), dialect);
  const xml = formatDomain(domain, { inactive: true, secure: true });
  const written = formatXenConfiguration(parseXenDomain(xml), dialect).split("\n");
  for (const line of lines) assert.ok(written.includes(line), `no line ${line} in:\n${written.join("\n")}`);
}

test("settings of xl come back the same", () => {
  roundTrip(
    "xl",
    hvm,
    "vnc = 0",
    "sdl = 0",
    "spice = 1",
    'spicehost = "127.0.0.1"',
    "spiceport = 590",
    "spiceagent_mouse = 1",
    "spicevdagent = 1",
  );
  roundTrip(
    "xl",
    hvm,
    "vnc = 1",
    "vncunused = 0",
    "vncdisplay = 7",
    'vnclisten = "0.0.0.0"',
    `vncpasswd = 'a,"b'`,
    'keymap = "ja"',
  );
  roundTrip("xl", hvm, 'vga = "stdvga"', "videoram = 32", "vnc = 1");
  roundTrip("xl", hvm, "usb = 1", 'usbdevice = [ "mouse", "tablet" ]', 'soundhw = "ac97"');
  roundTrip("xl", hvm, 'tsc_mode = "native_paravirt"', "hpet = 0", "nestedhvm = 0", 'cpus = "0-1,3"');
  roundTrip("xl", hvm, 'serial = [ "none", "udp:a:1@b:2", "telnet:[::1]:9,server,nowait" ]', 'parallel = "file:/log"');
  roundTrip("xl", hvm, 'device_model_args_hvm = [ "-drive", "if=floppy,index=1,format=raw,readonly=on,file=/a,,b" ]');
  roundTrip("xl", pv, 'type = "pvh"', "maxvcpus = 8", "e820_host = 1", 'kernel = "/k"');
  roundTrip("xl", pv, 'bootloader = "pygrub"', 'bootloader_args = "-q --offset 5"');
  roundTrip(
    "xl",
    hvm,
    'disk = [ "format=raw,vdev=hda,access=rw,backendtype=qdisk,target=rbd:p/i:auth_supported=none:mon_host=a\\\\:6321\\\\;[b\\\\:\\\\:1]\\\\:6322" ]',
  );
  roundTrip(
    "xl",
    pv,
    'vif = [ "mac=00:16:3e:00:00:01,bridge=br0.4:7:9,script=vif-openvswitch,mtu=9000" ]',
    'kernel = "/k"',
  );
});

test("settings of xm come back the same", () => {
  roundTrip("xm", pv, 'disk = [ "tap:aio:/x/foo,xvda,w", "tap:qcow:/x/bar,xvdb,w!" ]');
  roundTrip(
    "xm",
    pv,
    'kernel = "/k"',
    'vfb = [ "type=vnc,vncunused=0,vncdisplay=99,vnclisten=127.0.0.1,vncpasswd=p,keymap=ja" ]',
  );
  roundTrip("xm", hvm, 'serial = [ "/dev/ttyS0", "/dev/ttyS1" ]', 'parallel = "tcp:localhost:9999"', 'fda = "/f.img"');
});

test("a screen on an address of IPv6 is told to xl with its display, which xl would otherwise look for in the address", () => {
  const listening = (text: string) => {
    const [screen] = parseXenConfiguration(text, "xl").devices.graphics;
    return screen?.type === "vnc" ? { port: screen.port, listens: screen.listens } : assert.fail("no VNC");
  };
  roundTrip("xl", pv, 'kernel = "/k"', 'vfb = [ "type=vnc,vncunused=0,vnclisten=[::1]:7" ]');
  assert.deepEqual(listening(`${pv}kernel = "/k"\nvfb = [ "type=vnc,vnclisten=[::1]:7" ]\n`), {
    port: 5907,
    listens: [{ type: "address", address: "::1" }],
  });
  assert.deepEqual(listening(`${hvm}vnc = 1\nvncunused = 0\nvnclisten = "10.0.0.1:3"\n`), {
    port: 5903,
    listens: [{ type: "address", address: "10.0.0.1" }],
  });
});

test("disks are read in all of xl's forms", () => {
  const forms = [
    "/dev/vg/volume,raw,hda,rw",
    "/dev/vg/volume,,hda",
    "format=raw, vdev=hda, access=rw, target=/dev/vg/volume",
    "raw:/dev/vg/volume,hda,w",
    "vdev=hda,/dev/vg/volume",
  ];
  for (const form of forms) {
    const [disk] = parseXenConfiguration(`${hvm}disk = [ '${form}' ]\n`, "xl").devices.disks;
    assert.deepEqual(
      [
        disk?.target.dev,
        disk?.driver?.type,
        disk?.readonly,
        disk?.storage.type === "file" && disk.storage.source?.file,
      ],
      ["hda", "raw", false, "/dev/vg/volume"],
      form,
    );
  }
  const iso = parseXenConfiguration(`${hvm}disk = [ 'target=/a b, c.iso', ]\ndisk = [ '/i.iso,,hdc,cdrom' ]`, "xl");
  assert.deepEqual([iso.devices.disks[0]?.device, iso.devices.disks[0]?.readonly], ["cdrom", true]);
});

test("what is wrong is said with its line", () => {
  const refuse = (text: string, message: RegExp) =>
    assert.throws(() => parseXenConfiguration(text, "xl"), fails("CONF_SYNTAX", message), text);
  refuse(`${pv}\nmemory = "much"\n`, /config:6: memory: 'much' is not a number/);
  refuse(`${pv}uuid = "1"\n`, /config:5: uuid: .*not a UUID/);
  refuse(`${pv}disk = [ "/image,,,w" ]\n`, /config:5: disk: a disk needs a vdev/);
  refuse(`${pv}disk = [ "/image,zip,xvda,w" ]\n`, /config:5: disk: unknown format 'zip'/);
  refuse(`${pv}vif = [ "mac=nobody" ]\n`, /config:5: vif: .*MAC/);
  refuse(`${pv}type = "vmware"\n`, /config:5: type: 'vmware'/);
  refuse(`${hvm}spice = 1\nspiceport = "first"\n`, /config:7: spiceport: 'first'/);
  refuse(`${hvm}serial = "fax:1"\n`, /config:6: serial: unknown character device/);
  refuse(`${pv}pci = [ "00:zz.0" ]\n`, /config:5: pci: .*PCI address/);
  refuse(`${pv}vnuma = ${"[".repeat(40)}${"]".repeat(40)}\n`, /too deep/);
  refuse(`${pv}extra = "${"x".repeat(2 ** 21)}"\n`, /larger than/);
  refuse(`${pv}vif = [ ${'"bridge=b",'.repeat(5000)} ]\n`, /more than 4096/);
});

test("a value cannot become another setting", () => {
  const guest = (devices: string) =>
    parseXenDomain(`<domain type='xen'><name>a&quot;; kernel=&quot;evil</name><memory>65536</memory><os><type>linux</type><kernel>/k
x = 1</kernel></os><devices>${devices}</devices></domain>`);
  const written = formatXenConfiguration(guest(""), "xl");
  assert.ok(written.includes(`name = 'a"; kernel="evil'`));
  assert.ok(written.includes('kernel = "/k\\nx = 1"'));
  assert.equal(parseXenConfiguration(written, "xl").os.kernel, "/k\nx = 1");
  const bridge = guest("<interface type='bridge'><source bridge='b,script=/evil'/></interface>");
  assert.throws(() => formatXenConfiguration(bridge, "xl"), fails("CONFIG_UNSUPPORTED", /comma in 'bridge'/));
  const disk = guest("<disk type='file'><source file='/a,vdev=xvdb'/><target dev='xvda'/></disk>");
  const [again] = parseXenConfiguration(formatXenConfiguration(disk, "xl"), "xl").devices.disks;
  assert.equal(again?.storage.type === "file" && again.storage.source?.file, "/a,vdev=xvdb");
  assert.equal(again?.target.dev, "xvda");
});

test("what Xen cannot run is refused", () => {
  const refuse = (xml: string, code: string, message: RegExp) =>
    assert.throws(
      () => parseXenDomain(`<domain type='xen'><name>a</name><memory>65536</memory>${xml}</domain>`),
      fails(code, message),
    );
  refuse("<os><type>exe</type></os>", "OS_TYPE", /exe/);
  refuse("<os><type>linux</type></os>", "CONFIG_UNSUPPORTED", /needs a kernel/);
  const kernel = "<os><type>linux</type><kernel>/k</kernel></os>";
  refuse(`${kernel}<cpu mode='host-model'/>`, "CONFIG_UNSUPPORTED", /cpu mode/);
  refuse(`${kernel}<devices><serial type='pty'/></devices>`, "CONFIG_UNSUPPORTED", /serial/);
  refuse(`${kernel}<devices><input type='tablet' bus='usb'/></devices>`, "INTERNAL_ERROR", /unsupported input bus usb/);
  refuse(`${kernel}<devices><interface type='user'/></devices>`, "CONFIG_UNSUPPORTED", /interface type 'user'/);
});

test("Xen's bus is no other guest's", () => {
  const xml =
    "<domain type='kvm'><name>a</name><memory>65536</memory><os><type arch='x86_64'>hvm</type></os><devices><input type='mouse' bus='xen'/></devices></domain>";
  assert.throws(() => parseDomain(xml), fails("INTERNAL_ERROR", /unsupported input bus xen/));
});

test("what libxl says of a domain becomes a definition", () => {
  const made = parseXenConfiguration(
    `${pv}maxvcpus = 4\nkernel = "/k"\nextra = "quiet"\ndisk = [ "/i.qcow2,qcow2,xvda", "/i.iso,,xvdb,cdrom" ]\nvif = [ "mac=00:16:3e:00:00:07,bridge=b" ]\nvfb = [ "type=vnc,vnclisten=::1" ]\non_crash = "rename-restart"\n`,
    "xl",
  );
  const list = JSON.stringify([
    { domid: 0, config: {} },
    { domid: 7, config: libxlConfig(made) },
  ]);
  assert.equal(libxlEntry(list, 8), undefined);
  const found = definitionOfLibxl(libxlEntry(list, 7) ?? {});
  assert.deepEqual(
    [found?.name, found?.memory.value, found?.vcpu.value, found?.vcpu.current, found?.os.kernel, found?.os.cmdline],
    ["guest", 394n * 1024n, 4, 1, "/k", "quiet"],
  );
  assert.equal(found?.on_crash, "rename-restart");
  assert.deepEqual(
    found.devices.disks.map(({ target, device, driver, readonly }) => [target.dev, device, driver?.type, readonly]),
    [
      ["xvda", "disk", "qcow2", false],
      ["xvdb", "cdrom", "raw", true],
    ],
  );
  assert.equal(found.devices.interfaces[0]?.mac?.address, "00:16:3e:00:00:07");
  assert.equal(found.devices.graphics[0]?.type, "vnc");
  assert.equal(definitionOfLibxl({}), null);
  assert.throws(() => libxlEntry("[{", 1), fails("INTERNAL_ERROR", /cannot be read/));
});

test("no configuration makes the readers throw anything but a LibvirtError", () => {
  const names = [...settingNames("xl"), ...settingNames("xm"), "screen", "spiceport", "vncdisplay"];
  const word = fc.oneof(
    fc.constantFrom(
      "hvm",
      "pvh",
      "host,sse3=1",
      "mac=1,bridge=b",
      "phy:/x,hda,w",
      "tap:aio:/x,xvda,r",
      "/a,raw,hda",
      "vdev=xvda",
    ),
    fc.constantFrom(
      "pnode=0",
      "size=1",
      "vcpus=0-1",
      "connection=socket",
      "rbd:a:mon_host=b",
      "unix:",
      "udp:@",
      "0-1,^1",
      "999999999999",
    ),
    fc.string({ maxLength: 12 }),
  );
  const value = fc.oneof(
    fc.integer().map(String),
    word.map((text) => JSON.stringify(text)),
    fc
      .array(
        fc.oneof(
          word.map((text) => JSON.stringify(text)),
          fc.array(word, { maxLength: 3 }).map((list) => JSON.stringify(list)),
        ),
        { maxLength: 3 },
      )
      .map((items) => `[${items.join(",")}]`),
  );
  const line = fc.tuple(fc.constantFrom(...names), value).map(([name, text]) => `${name} = ${text}`);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), fc.constantFrom<Dialect>("xl", "xm"), (lines, dialect) => {
      try {
        const domain = parseXenConfiguration(`${pv}${lines.join("\n")}`, dialect);
        parseXenConfiguration(formatXenConfiguration(domain, dialect), dialect);
        parseXendDomain(formatXendDomain(domain));
      } catch (error) {
        assert.ok(error instanceof LibvirtError, String(error instanceof Error ? error.stack : error));
      }
    }),
    { numRuns: 2000 },
  );
});
