import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorName, isLibvirtError } from "../../../errors.ts";
import { parseDomain } from "../../../model/domain/index.ts";
import { refuseUnavailable } from "./index.ts";

interface Parts {
  readonly top?: string;
  readonly os?: string;
  readonly features?: string;
  readonly vcpu?: string;
  readonly devices?: string;
}

function check({ top = "", os = "", features = "", vcpu = "<vcpu>2</vcpu>", devices = "" }: Parts, isRoot = false) {
  const xml =
    `<domain type='kvm'><name>g</name><memory unit='MiB'>32</memory>${vcpu}${top}` +
    `<os><type arch='x86_64' machine='pc'>hvm</type>${os}</os><features>${features}</features>` +
    `<devices>${devices}</devices></domain>`;
  refuseUnavailable(parseDomain(xml, { inactive: true }), { isRoot });
}

const disk = (inner: string, source = "<source file='/x'/>", type = "file"): string =>
  `<disk type='${type}'><driver name='qemu' type='raw'/>${source}<target dev='vda' bus='virtio'/>${inner}</disk>`;
const card = (inner: string, type = "user", source = ""): string =>
  `<interface type='${type}'>${source}<mac address='52:54:00:00:00:01'/><model type='virtio'/>${inner}</interface>`;
const tune = (inner: string): Parts => ({ top: `<cputune>${inner}</cputune>` });
const folder = (inner: string): Parts => ({
  devices: `<filesystem type='mount'>${inner}<source dir='/x'/><target dir='tag'/></filesystem>`,
});

const refusals: readonly (readonly [Parts, RegExp, ErrorName?])[] = [
  [tune("<shares>5</shares>"), /CPU tuning is not available in session mode/],
  [tune("<iothread_quota>5000</iothread_quota>"), /CPU tuning is not available in session mode/],
  [tune("<cachetune vcpus='0'><cache id='0' level='3' type='both' size='1' unit='MiB'/></cachetune>"), /cache tuning/],
  [{ top: "<memtune><soft_limit>5</soft_limit></memtune>" }, /Memory tuning is not available in session mode/],
  [{ top: "<blkiotune><weight>500</weight></blkiotune>" }, /Block I\/O tuning is not available in session mode/],
  [{ top: "<numatune><memory mode='restrictive' nodeset='0'/></numatune>" }, /restrictive/],
  [{ vcpu: "<vcpu placement='auto'>2</vcpu>" }, /numad/, "OPERATION_FAILED"],
  [{ top: "<resource><partition>/a</partition></resource>" }, /partition '\/a'/],
  [{ top: "<perf><event name='cmt' enabled='yes'/></perf>" }, /perf event for cmt/, "ARGUMENT_UNSUPPORTED"],
  [{ top: "<seclabel type='dynamic' model='selinux'/>" }, /model 'selinux' is not available/],
  [{ top: "<seclabel type='static' model='dac'><label>a:b</label></seclabel>" }, /qemu\.conf/],
  [{ os: "<init>/sbin/init</init>" }, /<init> is for containers/],
  [{ features: "<hap/>" }, /Xen/],
  [{ features: "<msrs unknown='ignore'/>" }, /ignore_msrs/],
  [{ devices: "<lease><lockspace>a</lockspace><key>k</key><target path='/x'/></lease>" }, /lock manager/],
  [{ devices: disk("", "<source file='/x'><seclabel model='dac' relabel='no'/></source>") }, /label of its own/],
  [{ devices: disk("", "<source file='/x'><seclabel model='smack' relabel='no'/></source>") }, /'smack'/],
  [{ devices: disk("<backenddomain name='x'/>") }, /backenddomain/],
  [{ devices: disk("<transient/>", "<source dev='/dev/x'/>", "block") }, /must lie in a file/],
  [
    { devices: disk("", "<source dev='/dev/x'><reservations managed='yes'/></source>", "block' device='lun") },
    /reservations of disk 'vda' cannot be managed/,
  ],
  [folder("<binary path='/bin/x'/>"), /is for virtiofs/],
  [{ devices: card("<bandwidth><inbound average='10'/></bandwidth>") }, /bandwidth/],
  [{ devices: card("<vlan><tag id='3'/></vlan>", "bridge", "<source bridge='b'/>") }, /vlan tag not supported/],
  [{ devices: card("<script path='/bin/true'/>") }, /scripts are not supported/],
  [{ devices: card("<driver queues='4'/>") }, /multiqueue is not supported/],
  [{ devices: card("<driver name='vhost'/>") }, /vhost is not supported/],
  [{ devices: card("<backend type='passt'/>") }, /passt/],
  [{ devices: card("", "direct", "<source dev='eth0'/>") }, /type 'direct' is not supported yet/],
  [
    { devices: "<video><driver name='vhostuser'/><model type='virtio'/></video>" },
    /vhost-user-gpu/,
    "OPERATION_FAILED",
  ],
];

for (const [parts, message, code = "CONFIG_UNSUPPORTED"] of refusals) {
  test(`not here: ${JSON.stringify(parts)}`, () => {
    assert.throws(
      () => check(parts),
      (error) => {
        assert.ok(isLibvirtError(error, code), `expected ${code}, got ${String(error)}`);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test("root is told of its host, others of session mode", () => {
  assert.throws(() => check(tune("<shares>5</shares>"), true), /CPU tuning is not available on this host/);
});

test("what is at work, or wishes nothing, passes", () => {
  const fine: readonly Parts[] = [
    {},
    tune("<vcpupin vcpu='0' cpuset='0'/><emulatorpin cpuset='0'/><vcpusched vcpus='0' scheduler='batch'/>"),
    { top: "<perf><event name='cmt' enabled='no'/></perf><on_lockfailure>pause</on_lockfailure>" },
    { top: "<numatune><memory mode='strict' nodeset='0'/></numatune>", features: "<pae/><hap state='off'/>" },
    { top: "<seclabel type='none'/>" },
    { top: "<seclabel type='dynamic' model='dac'/>" },
    { devices: disk("<transient/><iotune><total_iops_sec>5</total_iops_sec></iotune>") },
    { devices: card("<link state='down'/><target dev='tap7'/><script path='/bin/x'/>", "ethernet") },
    { devices: card("<bandwidth><inbound average='10'/></bandwidth>", "ethernet") },
    folder("<driver type='path'/>"),
  ];
  for (const parts of fine) check(parts);
});
