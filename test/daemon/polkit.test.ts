/** Clients of tsvirtd that a real polkitd decides about, over a message bus of the test's own. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Polkit } from "../../src/daemon/auth/polkit.ts";
import { isLibvirtError } from "../../src/errors.ts";
import { Bus, DbusError } from "../../src/host/dbus/bus.ts";
import { loadNative } from "../../src/host/native/index.ts";
import { processId } from "../../src/host/proc.ts";
import { runAs, startBus, startPolkitd, withoutPolkit } from "../helpers/polkit.ts";
import { type ProgramResult, shortFolder, Tsvirtd } from "../helpers/tsvirtd.ts";

async function missing(): Promise<string | false> {
  const lacking = withoutPolkit();
  if (lacking !== false) return lacking;
  const { native, ...part } = await loadNative();
  return native === null && "reason" in part ? `no native part: ${part.reason}` : false;
}

const rules = `polkit.addRule(function(action, subject) {
  if (action.id == "org.libvirt.unix.manage" && subject.user == "daemon") return polkit.Result.YES;
  if (action.id == "org.libvirt.unix.monitor" && subject.user == "games") return polkit.Result.NO;
  if (action.id == "org.libvirt.api.domain.stop" && subject.user == "daemon") {
    return action.lookup("domain_name") == "test" && action.lookup("connect_driver") == "Test" ? polkit.Result.YES : polkit.Result.NO;
  }
});`;

async function busWithPolkit(t: TestContext): Promise<string> {
  const bus = await startBus(t);
  await startPolkitd(t, bus, rules);
  return bus;
}

const virshAs = (user: string, uri: string, command = "list --name"): Promise<ProgramResult> =>
  runAs(user, ["virsh", "-c", uri, command]);

test("a real polkitd decides who may connect to which socket; root need not ask", async (t) => {
  const reason = await missing();
  if (reason !== false) return t.skip(reason);
  const socket = await busWithPolkit(t);
  const env = { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${socket}` };
  const daemon = await Tsvirtd.start(t, { env });
  for (const [user, uri, message] of [
    ["root", daemon.uri(), null],
    ["daemon", daemon.uri(), null],
    ["nobody", daemon.uri(), /authentication unavailable: no polkit agent .*'org\.libvirt\.unix\.manage'/],
    ["nobody", daemon.readOnlyUri(), null],
    ["games", daemon.readOnlyUri(), /authentication failed: access denied by policy/],
  ] as const) {
    const { code, stdout, stderr } = await virshAs(user, uri);
    assert.equal(code, message === null ? 0 : 1, `${user}: ${stderr}`);
    if (message === null) assert.equal(stdout, "test\n\n");
    else assert.match(stderr, message);
  }
});

test("polkit decides about each permission where the configuration says so", async (t) => {
  const reason = await missing();
  if (reason !== false) return t.skip(reason);
  const env = { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${await busWithPolkit(t)}` };
  const daemon = await Tsvirtd.start(t, { env, config: 'access_drivers = [ "polkit" ]' });
  // The node lives as long as somebody is connected.
  const keep = await daemon.connect(t);
  await keep.call("connectOpen", { name: "test:///default", flags: 0 });
  const other = "<domain type='test'><name>other</name><memory>1</memory><os><type>hvm</type></os></domain>";
  await keep.call("domainCreateXml", { xmlDesc: other, flags: 0 });
  assert.match((await virshAs("daemon", daemon.uri(), "destroy other")).stderr, /'domain:stop' denied access/);
  assert.match((await virshAs("daemon", daemon.uri(), "suspend test")).stderr, /'domain:suspend' denied access/);
  assert.match((await virshAs("daemon", daemon.uri(), "destroy test")).stdout, /destroyed/);
  assert.match((await virshAs("root", daemon.uri(), "destroy other")).stdout, /destroyed/);
});

test("where polkit is asked for and does not answer, nobody but root gets in", async (t) => {
  const reason = await missing();
  if (reason !== false) return t.skip(reason);
  const env = { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${await shortFolder(t)}/nothing` };
  const daemon = await Tsvirtd.start(t, { env, config: 'auth_unix_rw = "polkit"\nauth_unix_ro = "none"' });
  assert.match(daemon.log, /'auth_unix_rw': polkit does not answer/);
  assert.equal((await virshAs("root", daemon.uri())).code, 0);
  assert.match(
    (await virshAs("daemon", daemon.uri())).stderr,
    /polkit cannot be asked about 'org\.libvirt\.unix\.manage'/,
  );
  assert.equal((await virshAs("daemon", daemon.readOnlyUri())).code, 0);
});

test("what polkit does not know is an error, a bus that goes is noticed, and comes back", async (t) => {
  const reason = await missing();
  if (reason !== false) return t.skip(reason);
  const path = await busWithPolkit(t);
  const polkit = new Polkit(path);
  const self = await processId(process.pid);
  const subject = { pid: process.pid, uid: 0, startTime: self?.startTime ?? 0n };
  const ask = (action: string) => polkit.ask({ action, subject, interactive: false });
  assert.equal(await ask("org.libvirt.unix.manage"), "yes");
  await assert.rejects(ask("no.such.action"), (error) => isLibvirtError(error, "DBUS_SERVICE"));
  await polkit.close();
  assert.equal(await ask("org.libvirt.unix.monitor"), "yes");
  await polkit.close();
  const bus = await Bus.open(path);
  const unknown = { destination: "no.such", path: "/", interface: "no.such", member: "X" };
  await assert.rejects(
    bus.call(unknown),
    (error) => error instanceof DbusError && /ServiceUnknown/.test(error.errorName),
  );
  const waiting = bus.call({ ...unknown, destination: "org.freedesktop.PolicyKit1" });
  bus.close();
  await assert.rejects(waiting, /was closed/);
  assert.equal(bus.ended, true);
});
