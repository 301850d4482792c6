import assert from "node:assert/strict";
import { test } from "node:test";
import { complaintOf, xlFailure } from "./failure.ts";
import { idsOfUuid, parseHost, parseInfo, parseList, parseShare, parseVcpus } from "./listing.ts";

const uuid = "5c1d8a5e-2f3b-4d6e-8f90-a1b2c3d4e5f6";

test("domains are listed as they are, whatever they are called", () => {
  const head =
    "Name                                        ID   Mem VCPUs\tState\tTime(s)   UUID                            Reason-Code\tSecurity Label";
  const text = [
    head,
    `Domain-0                                     0  1024     1     r-----       7.7 00000000-0000-0000-0000-000000000000        -                -`,
    `two words 3                                  12   128     2     --psc-       0.5 ${uuid}        3                -`,
    "(null)   broken line",
  ].join("\n");
  const [host, guest, ...others] = parseList(text);
  assert.deepEqual(others, []);
  assert.deepEqual([host?.id, host?.isRunning, host?.shutdownCode, host?.cpuTime], [0, true, null, 7_700_000_000n]);
  assert.deepEqual(guest, {
    ...{ id: 12, name: "two words 3", uuid, memory: 131072n, vcpus: 2, cpuTime: 500_000_000n, shutdownCode: 3 },
    ...{ isRunning: false, isBlocked: false, isPaused: true, isShutdown: true, isCrashed: true, isDying: false },
  });
});

test("numbers, facts and shares are found", () => {
  assert.deepEqual(idsOfUuid(`UUID ID name\n${uuid}  7    x\n${uuid}  9    x-1\n`, uuid), [7, 9]);
  assert.deepEqual(idsOfUuid("", uuid), []);
  assert.equal(parseInfo("host : a\nxen_scheduler          : credit2\n").get("xen_scheduler"), "credit2");
  const share = "Cpupool Pool-0: ratelimit=1000us\nName           ID Weight  Cap\nguest           3    256   50\n";
  assert.deepEqual(parseShare(share, 3), { weight: 256, cap: 50 });
  assert.equal(parseShare(share, 4), undefined);
});

test("the host is read as xl tells of it", () => {
  const said = {
    ...{ nr_cpus: 4, nr_nodes: 2, cores_per_socket: 2, threads_per_core: 1, cpu_mhz: "2399.998" },
    ...{ virt_caps: "pv hvm hap gnttab-v1", total_memory: 2047, free_memory: 1000 },
    ...{ xen_major: 4, xen_minor: 17, xen_extra: ".7", xen_caps: "xen-3.0-x86_64 hvm-3.0-x86_32" },
  };
  const text = Object.entries(said).map(([name, value]) => `${name.padEnd(23)}: ${value}\n`);
  assert.deepEqual(parseHost(text.join("")), {
    version: { major: 4, minor: 17, extra: ".7" },
    capabilities: "xen-3.0-x86_64 hvm-3.0-x86_32",
    info: {
      ...{ cpus: 4, nodes: 2, coresPerSocket: 2, threadsPerCore: 1, cpuKhz: 2_399_998, capabilities: 1 | 2 | 8 },
      ...{ totalMemory: 2047n * 1024n, freeMemory: 1000n * 1024n },
    },
  });
  assert.equal(parseHost("").info.cpus, 0);
});

test("virtual processors are read, those that are off too", () => {
  const text = [
    "Name                                ID  VCPU   CPU State   Time(s) Affinity (Hard / Soft)",
    "two words 3                          7     0    1   -b-       3.4  0-1,3 / all",
    "two words 3                          7     1    -   --p       0.0  all / all",
  ].join("\n");
  assert.deepEqual(parseVcpus(text), [
    { isOnline: true, isRunning: false, isBlocked: true, cpu: 1, cpuTime: 3_400_000_000n, affinity: [0, 1, 3] },
    { isOnline: false, isRunning: false, isBlocked: false, cpu: 0, cpuTime: 0n, affinity: "all" },
  ]);
});

test("a complaint says what, not where", () => {
  const text = [
    "Parsing config from /run/a.cfg",
    "libxl: error: libxl_dom.c:571:libxl__build_dom: Domain 7:kernel is no kernel",
    "xc: error: panic: xc_dom_core.c:689: no loader found: Invalid kernel",
    "libxl: error: libxl_create.c:1709:domcreate_rebuild_done: Domain 7:cannot (re-)build domain: -3",
  ].join("\n");
  assert.equal(complaintOf(text), "kernel is no kernel; no loader found: Invalid kernel");
  const error = xlFailure("pause domain 9")({
    words: [],
    end: "exit status 1",
    complaint: "9 is an invalid domain identifier (rc=-6)",
  });
  assert.equal(error.codeName, "NO_DOMAIN");
  assert.match(
    xlFailure("x")({ words: [], end: "fatal signal SIGSEGV", complaint: "" }).message,
    /cannot x: xl ended with fatal signal SIGSEGV/,
  );
});
