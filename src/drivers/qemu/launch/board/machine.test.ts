/** The board, the processors and the memory of guests, as words of the command line. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { planOf, startingDomain } from "../../../../../test/helpers/launch.ts";
import { fakeCapabilities } from "../../../../../test/helpers/qemu-capabilities.ts";

interface Guest {
  readonly flags?: readonly string[];
  readonly version?: number;
  readonly head?: string;
  readonly body?: string;
}

/** The values of one option. */
function values(name: string, { flags = [], version = 7_002_000, head = "", body = "" }: Guest): string[] {
  const options = { capabilities: fakeCapabilities(flags, { version }), folder: "/run/domain-1-g" };
  const xml =
    `<domain type='qemu'><name>g</name><memory unit='MiB'>64</memory>${head}` +
    `<os><type arch='x86_64' machine='q35'>hvm</type></os>${body}<devices><controller type='usb' model='none'/>` +
    "<memballoon model='none'/></devices></domain>";
  const { args } = planOf(startingDomain(xml, options), options);
  return args.flatMap((word, at) => (word === name ? [args[at + 1] ?? ""] : []));
}

test("no ACPI is an option of its own until QEMU 9.0, and the machine's after it", () => {
  assert.deepEqual(values("-no-acpi", {}).length, 1);
  assert.doesNotMatch(values("-machine", {})[0] ?? "", /acpi/);
  const newer = { version: 9_000_000 };
  assert.deepEqual(values("-no-acpi", newer).length, 0);
  assert.match(values("-machine", newer)[0] ?? "", /,acpi=off/);
  assert.doesNotMatch(values("-machine", { ...newer, body: "<features><acpi/></features>" })[0] ?? "", /acpi/);
});

test("vCPUs that come later are not there at start", () => {
  assert.deepEqual(values("-smp", { head: "<vcpu current='2'>4</vcpu>" }), ["2,maxcpus=4,sockets=4,cores=1,threads=1"]);
  const body = "<cpu><topology sockets='1' dies='2' cores='2' threads='1'/></cpu>";
  assert.deepEqual(values("-smp", { head: "<vcpu>4</vcpu>", body, flags: ["smp-dies"] }), [
    "4,sockets=1,dies=2,cores=2,threads=1",
  ]);
});

const cells = (rest: string) =>
  `<cpu><numa><cell id='0' cpus='0-1,3' memory='32' unit='MiB'/><cell id='1' memory='32' unit='MiB'/><cell id='2' cpus='2' memory='32' unit='MiB'/>${rest}</numa></cpu>`;

test("a node without processors is reached fastest from another", () => {
  const reach =
    "<interconnects><latency initiator='0' target='1' type='access' value='9'/>" +
    "<bandwidth initiator='0' target='0' type='read' value='1' unit='GiB'/></interconnects>";
  const guest = { head: "<vcpu>4</vcpu>", body: cells(reach), flags: ["numa-hmat"] };
  assert.deepEqual(values("-numa", guest), [
    "node,nodeid=0,cpus=0-1,cpus=3,initiator=0,mem=32",
    "node,nodeid=1,initiator=0,mem=32",
    "node,nodeid=2,cpus=2,initiator=2,mem=32",
    "hmat-lb,initiator=0,target=1,hierarchy=memory,data-type=access-latency,latency=9",
    "hmat-lb,initiator=0,target=0,hierarchy=memory,data-type=read-bandwidth,bandwidth=1048576K",
  ]);
  assert.match(values("-machine", guest)[0] ?? "", /,hmat=on/);
});

test("memory comes from the nodes that it is bound to, unless the kernel may choose", () => {
  const bound = (mode: string) =>
    values("-object", {
      head: "<vcpu>4</vcpu>",
      body: `<numatune><memnode cellid='0' mode='${mode}' nodeset='1-2'/></numatune>${cells("")}`,
    }).filter((word) => word.includes("ram-node0"));
  assert.deepEqual(bound("strict"), ["memory-backend-ram,id=ram-node0,size=33554432,host-nodes=1-2,policy=bind"]);
  assert.deepEqual(bound("restrictive"), ["memory-backend-ram,id=ram-node0,size=33554432"]);
});

test("what Hyper-V offers, timers and features are said with the processor", () => {
  const body =
    "<features><hyperv><vpindex state='on'/><synic state='on'/><stimer state='on'><direct state='on'/></stimer>" +
    "<vendor_id state='on' value='KVM Hv'/><reset state='off'/></hyperv><pmu state='off'/></features>" +
    "<cpu mode='custom'><model>qemu64</model><feature policy='disable' name='lahf_lm'/></cpu>" +
    "<clock offset='utc'><timer name='hypervclock' present='yes'/></clock>";
  assert.deepEqual(values("-cpu", { body }), [
    "qemu64,lahf-lm=off,hv-time=on,hv-vpindex=on,hv-synic=on,hv-stimer=on,hv-stimer-direct=on,hv-vendor-id=KVM Hv,pmu=off",
  ]);
});
