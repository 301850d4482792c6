/** libvirt's own shell on tsvirtd. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { Tsvirtd } from "../helpers/tsvirtd.ts";

const skip = spawnSync("virsh", ["--version"]).status === 0 ? false : "virsh is not installed";

test("virsh connects, lists, looks up, defines, starts and ends, on one node for all its connections", {
  skip,
}, async (t) => {
  const daemon = await Tsvirtd.start(t);
  const script = [
    "uri",
    "hostname",
    "list --all",
    "dominfo test",
    "destroy test",
    "list --all",
    "start test",
    "net-list --all",
    "pool-list --all",
    "nodeinfo",
    "version",
  ];
  const { code, stdout, stderr } = await daemon.virsh([script.join("; ")]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  assert.match(stdout, / 1 +test +running/);
  assert.match(stdout, / - +test +shut off/);
  assert.match(stdout, /Domain 'test' started/);
  assert.match(stdout, /Using library: libvirt 9\.0\.0/);
});

test("virsh's errors are the daemon's", { skip }, async (t) => {
  const daemon = await Tsvirtd.start(t);
  const cases: [string[], string, RegExp][] = [
    [["dominfo", "nosuch"], daemon.uri(), /failed to get domain 'nosuch'/],
    [["destroy", "test"], daemon.readOnlyUri(), /operation forbidden: read only access prevents virDomainDestroy/],
    [["list"], daemon.uri().replace("test+unix", "esx+unix"), /no connection driver available for esx:\/\/\/default/],
    [
      ["list"],
      daemon.uri("qemu").replace("/system", "/other"),
      /unexpected qemu URI path '\/other', try qemu:\/\/\/system/,
    ],
  ];
  for (const [words, uri, message] of cases) {
    const { code, stderr } = await daemon.virsh(words, uri);
    assert.equal(code, 1);
    assert.match(stderr, message);
  }
  const readOnly = await daemon.virsh(["--readonly", "destroy", "test"]);
  assert.match(readOnly.stderr, /read only access prevents virDomainDestroy/);
});

test("each driver beside the hypervisor has a URI of its own, which has nothing else", { skip }, async (t) => {
  const daemon = await Tsvirtd.start(t);
  const uriOf = (driver: string, path = "/system") =>
    daemon.uri("qemu").replace("qemu+", `${driver}+`).replace("/system", path);
  const lines: readonly (readonly [driver: string, line: string])[] = [
    ["network", "net-list --all"],
    ["storage", "pool-list --all"],
    ["secret", "secret-list"],
    ["nodedev", "nodedev-list --cap system"],
    ["interface", "iface-list --all"],
    ["nwfilter", "nwfilter-list"],
  ];
  for (const [driver, line] of lines) {
    const alone = await daemon.virsh([line], uriOf(driver));
    assert.deepEqual(alone, await daemon.virsh([line], daemon.uri("qemu")));
    assert.equal(alone.code, 0, alone.stderr);
    const { stdout, stderr } = await daemon.virsh(["version; list"], uriOf(driver));
    assert.match(stdout, new RegExp(`Using API: ${driver} 9`));
    assert.match(stderr, /not supported by the connection driver: virConnectNumOfDomains/);
    const other = await daemon.virsh([line], uriOf(driver, "/other"));
    assert.match(other.stderr, new RegExp(`unexpected ${driver} URI path '/other', try ${driver}:///s`));
  }
});

test("virsh hears of what another virsh does", { skip }, async (t) => {
  const daemon = await Tsvirtd.start(t, { config: 'log_filters = "1:rpc"\nlog_outputs = "1:stderr"' });
  // The node lives while somebody is connected: the one who waits is.
  const waiting = daemon.virsh(["event", "--event", "lifecycle", "--timeout", "20"]);
  await daemon.logged(/calls connectDomainEventCallbackRegisterAny/);
  await daemon.virsh(["destroy", "test"]);
  const { stdout } = await waiting;
  assert.match(stdout, /event 'lifecycle' for domain 'test': Stopped Destroyed/);
});
