/**
 * What is asked of guests' agents, with the real agent: it serves a socket here, in the place of the one in a guest,
 * and tells of this machine. Nothing that changes the system is asked of it.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { skipWithoutQemu } from "../../../../../test/helpers/qemu.ts";
import { guestXml, testRoot } from "../../../../../test/helpers/qemu-driver.ts";
import { isLibvirtError } from "../../../../errors.ts";
import { listenForChild } from "../../../../host/unix.ts";
import type { TypedParameter } from "../../../../protocol/index.ts";
import { AgentLink } from "../../run/agent-link.ts";
import { shareHost } from "../../shared-host.ts";

const program = "qemu-ga";
const haveAgent = spawnSync(program, ["--version"]).status === 0;
const skip = skipWithoutQemu || (haveAgent ? false : `${program} is not installed`);

/** Says to a program, in systemd's way, that it inherits a listening socket: it need not be waited for. */
const activate = 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" "$@"';

/** Starts an agent that listens at a socket in a folder. */
async function startAgent(t: TestContext, folder: string): Promise<string> {
  const path = join(folder, "agent.sock");
  const listener = await listenForChild(path);
  const args = ["--method=unix-listen", `--path=${path}`, `--statedir=${folder}`, `--pidfile=${folder}/agent.pid`];
  const child = spawn("/bin/sh", ["-c", activate, program, ...args], {
    stdio: ["ignore", "ignore", "ignore", listener.fd],
  });
  await listener.release();
  const exited = once(child, "exit");
  t.after(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  return path;
}

/** A running guest whose agent is the one that was started here. */
async function guestWithAgent(t: TestContext) {
  const { folder, root, open } = await testRoot(t);
  const router = await open();
  const { dom } = await router.call("domainCreateXml", { xmlDesc: guestXml("talks"), flags: 0 });
  const { host, release } = await shareHost(root);
  t.after(release);
  const domain = host.domains.byName("talks");
  assert.ok(domain?.live);
  const agent = new AgentLink("channel0", await startAgent(t, folder), "talks");
  agent.guestOpened(true);
  t.after(() => agent.close());
  domain.begin({ ...domain.live, agent });
  return { router, dom, agent };
}

const valuesOf = (params: readonly TypedParameter[]) => new Map(params.map(({ field, value }) => [field, value.value]));

test("the agent tells of the system in the guest", { skip }, async (t) => {
  const { router, dom } = await guestWithAgent(t);
  assert.deepEqual(await router.call("domainGetHostname", { dom, flags: 2 }), { hostname: hostname() });
  const { seconds } = await router.call("domainGetTime", { dom, flags: 0 });
  assert.ok(Math.abs(Number(seconds) - Date.now() / 1000) < 60);
  const { params } = await router.call("domainGetGuestInfo", { dom, types: 2 | 4 | 8 | 64, flags: 0 });
  const values = valuesOf(params);
  assert.equal(values.get("hostname"), hostname());
  assert.equal(typeof values.get("os.kernel-release"), "string");
  assert.equal(typeof values.get("timezone.offset"), "number");
  assert.ok(Number(values.get("if.count")) >= 1);
  const { ifaces } = await router.call("domainInterfaceAddresses", { dom, source: 1, flags: 0 });
  assert.ok(ifaces.find(({ name }) => name === "lo")?.addrs.some(({ addr }) => addr === "127.0.0.1"));
  const vcpus = valuesOf((await router.call("domainGetGuestVcpus", { dom, flags: 0 })).params);
  assert.match(String(vcpus.get("online")), /^0/);
  const { num } = await router.call("domainGetVcpusFlags", { dom, flags: 8 });
  assert.ok(num >= 1);
  const { info } = await router.call("domainGetFsinfo", { dom, flags: 0 });
  for (const { mountpoint } of info) assert.match(mountpoint, /^\//);
});

test("commands for the agent are passed on, and its errors come back", { skip }, async (t) => {
  const { router, dom, agent } = await guestWithAgent(t);
  const command = { dom, timeout: -2, flags: 0 };
  const ping = await router.call("qemuDomainAgentCommand", { ...command, cmd: '{"execute":"guest-ping"}' });
  assert.deepEqual(ping, { result: '{"return":{}}' });
  await assert.rejects(
    async () => router.call("qemuDomainAgentCommand", { ...command, cmd: '{"execute":"no"}' }),
    (error) => isLibvirtError(error, "INTERNAL_ERROR") && /command 'no'/.test(error.message),
  );
  const keys = async () => router.call("domainAuthorizedSshKeysGet", { dom, user: "nobody-here", flags: 0 });
  await assert.rejects(keys, /unable to execute QEMU agent command 'guest-ssh-get-authorized-keys'/);
  await router.call("domainAgentSetResponseTimeout", { dom, timeout: 20, flags: 0 });
  const low = async () => router.call("domainAgentSetResponseTimeout", { dom, timeout: -3, flags: 0 });
  await assert.rejects(low, /less than the minimum/);
  agent.guestOpened(false);
  await assert.rejects(
    async () => router.call("domainGetTime", { dom, flags: 0 }),
    (error) => isLibvirtError(error, "AGENT_UNRESPONSIVE"),
  );
});
