import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeCapabilities } from "../../../../test/helpers/qemu-capabilities.ts";
import { type Domain, parseDomain } from "../../../model/domain/index.ts";
import { defaultSettings } from "../settings/index.ts";
import { type PrepareContext, prepareLaunch } from "./index.ts";

const absent = () => {
  throw new Error("this host has no such thing");
};

const host: PrepareContext = {
  settings: defaultSettings({ memoryBackingFolder: "/ram" }),
  firmware: { installed: [], emulatorArch: "x86_64", nvramFolder: "/nvram" },
  capabilities: fakeCapabilities([]),
  folder: "/run/guest",
  channelFolder: "/channel/guest",
  ports: { vnc: () => 5907, websocket: () => 5703, spice: absent },
  networkAddress: () => "192.0.2.1",
  busAddress: absent,
  renderNode: () => "/dev/dri/renderD128",
  newUuid: () => "6a1bd2c5-0d3c-4f64-a3c4-5e7f0a1b2c3d",
  restored: false,
};

interface Parts {
  readonly type?: string;
  readonly arch?: string;
  readonly machine?: string;
  readonly os?: string;
  readonly body?: string;
  readonly devices?: string;
}

function prepared(
  { type = "kvm", arch = "x86_64", machine = "pc", os = "", body = "", devices = "" }: Parts,
  context = host,
) {
  const domain: Domain = parseDomain(
    `<domain type='${type}'><name>g</name><memory unit='KiB'>219100</memory>${body}` +
      `<os><type arch='${arch}' machine='${machine}'>hvm</type>${os}</os><devices>${devices}</devices></domain>`,
    { inactive: true },
  );
  prepareLaunch(domain, context);
  return domain;
}

test("memory is rounded up to what boards can have", () => {
  assert.equal(prepared({}).memory.value, 219136n);
  assert.equal(prepared({ arch: "ppc64", machine: "pseries" }).memory.value, 262144n);
  const module = "<memory model='dimm'><target><size>1025</size><node>0</node></target></memory>";
  const numa = "<cpu><numa><cell id='0' cpus='0' memory='1025'/></numa></cpu>";
  const { memory, devices, cpu } = prepared({ body: numa, devices: module });
  assert.deepEqual([devices.memories[0]?.target.size, cpu?.numa?.cells[0]?.memory], [2048n, 2048n]);
  assert.equal(memory.value, 4096n);
});

test("screens listen where the host has them listen", () => {
  const vnc = (rest: string) => prepared({ devices: `<graphics type='vnc' ${rest}` }).devices.graphics[0];
  const own = vnc("autoport='yes' websocket='-1'/>");
  assert.ok(own?.type === "vnc");
  assert.deepEqual([own.port, own.websocket, own.listens], [5907, 5703, [{ type: "address", address: "127.0.0.1" }]]);
  const fixed = vnc("port='5950' autoport='no'><listen type='network' network='n'/></graphics>");
  assert.ok(fixed?.type === "vnc");
  assert.deepEqual([fixed.port, fixed.listens], [5950, [{ type: "network", network: "n", address: "192.0.2.1" }]]);
  const socket = vnc("><listen type='socket'/></graphics>");
  assert.ok(socket?.type === "vnc");
  assert.deepEqual([socket.port, socket.listens], [undefined, [{ type: "socket", socket: "/run/guest/vnc.sock" }]]);
});

test("a processor like the host's becomes the model and features that the host has", () => {
  const hostCpu = { model: "Haswell", vendor: "Intel", features: ["vme", "invtsc"] };
  const cpu = (text: string) => prepared({ body: text }, { ...host, hostCpu }).cpu;
  const like = cpu(
    "<cpu mode='host-model'><feature policy='disable' name='vme'/><feature policy='optional' name='x'/></cpu>",
  );
  assert.deepEqual([like?.mode, like?.model?.value, like?.vendor], ["custom", "Haswell", "Intel"]);
  assert.deepEqual(
    like?.features.map(({ name, policy }) => `${name} ${policy}`),
    ["vme disable", "x disable"],
  );
  const movable = cpu("<cpu mode='host-model'><feature policy='require' name='invtsc'/></cpu>");
  assert.deepEqual(
    movable?.features.map(({ name }) => name),
    ["vme", "invtsc"],
  );
  // Without knowledge of the host it stays what was asked for.
  assert.equal(prepared({ body: "<cpu mode='host-model'/>" }).cpu?.mode, "host-model");
});

test("flash with code keeps variables in a file of the guest's own, stateless flash keeps none", () => {
  const loader = (rest: string) => `<loader readonly='yes' type='pflash' ${rest}>/code.fd</loader>`;
  assert.equal(prepared({ os: loader("") }).os.nvram?.value, "/nvram/g_VARS.fd");
  assert.equal(prepared({ os: loader("stateless='yes'") }).os.nvram, undefined);
});

test("firmware is chosen among what is installed, or the start is refused", () => {
  const files = { path: "/code.fd", format: "raw" };
  const mapping = {
    device: "flash",
    mode: "split",
    executable: files,
    nvramTemplate: { ...files, path: "/vars.fd" },
  } as const;
  const installed = [
    {
      source: "a",
      interfaces: ["uefi"],
      mapping,
      targets: [{ arch: "x86_64", machines: ["pc"] }],
      features: new Set<string>(),
    },
  ];
  const text = `<domain type='kvm'><name>g</name><memory>1024</memory><os firmware='efi'><type arch='x86_64' machine='pc'>hvm</type></os><features><acpi/></features></domain>`;
  const domain = parseDomain(text, { inactive: true });
  assert.throws(() => prepareLaunch(domain, host), /Unable to find 'efi' firmware/);
  prepareLaunch(domain, { ...host, firmware: { ...host.firmware, installed } });
  assert.deepEqual(domain.os.loader, { type: "pflash", readonly: true, value: "/code.fd" });
  assert.deepEqual(domain.os.nvram, { template: "/vars.fd", value: "/nvram/g_VARS.fd" });
});
