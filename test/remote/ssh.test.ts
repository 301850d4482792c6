/** Daemons behind ssh: the system's own programs on both sides. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, watch } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { isLibvirtError, open, silenceErrors } from "../../src/api/index.ts";
import { parseConnectionUri } from "../../src/driver/uri.ts";
import { readRemoteUri } from "../../src/drivers/remote/target.ts";
import { sshCommand } from "../../src/drivers/remote/transports/ssh.ts";
import { Libvirtd, withoutLibvirtd } from "./libvirtd.ts";
import { Sshd, sshPrograms } from "./sshd.ts";

silenceErrors();

const realHelper = "/usr/bin/virt-ssh-helper";
const run = promisify(execFile);
const skip = withoutLibvirtd(...sshPrograms);

describe("a daemon behind ssh", { skip }, () => {
  let folder: string;
  let daemon: Libvirtd;
  let sshd: Sshd;
  /** A URI through the server, with further parameters. */
  const uri = (...params: string[]) =>
    `test+ssh://${userInfo().username}@localhost:${sshd.port}/default?${[
      `keyfile=${folder}/key`,
      "no_tty=1",
      ...params,
    ].join("&")}`;
  const known = () => `known_hosts=${folder}/known`;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tsvirt-ssh-"));
    [daemon, sshd] = await Promise.all([Libvirtd.start(), Sshd.start(folder)]);
  });

  after(async () => {
    await Promise.all([daemon?.stop(), sshd?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const domains = async (address: string, readOnly = false) => {
    await using conn = await open(address, { readOnly, timeout: 180_000 });
    return (await conn.listAllDomains()).map((domain) => domain.name());
  };

  test("netcat carries the bytes", async () => {
    assert.deepEqual(await domains(uri(known(), `socket=${daemon.socket}`, "proxy=netcat")), ["test"]);
    assert.deepEqual(await domains(uri(known(), `socket=${daemon.socket}`, "netcat=/usr/bin/nc")), ["test"]);
    assert.deepEqual(await domains(uri(known(), `socket=${daemon.socket}-ro`, "proxy=netcat"), true), ["test"]);
  });

  test("virt-ssh-helper carries them where it is there", {
    skip: existsSync(realHelper) ? false : `not installed: ${realHelper}`,
  }, async () => {
    const helper = join(folder, "bin", "virt-ssh-helper");
    // The real one looks for the host's own daemon: it is shown the test's in that place. What it was asked is noted.
    const place = "mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir /run/libvirt && cd /run/libvirt";
    const links = ["", "-ro"].map((kind) => `ln -s ${daemon.socket}${kind} libvirt-sock${kind}`).join(" && ");
    const inside = `${place} && ${links} && exec ${realHelper} "$@"`;
    await writeFile(helper, `#!/bin/sh\necho "$@" > ${folder}/asked\nexec unshare --mount sh -c '${inside}' sh "$@"\n`);
    await chmod(helper, 0o755);
    const asked = async () => (await run("cat", [join(folder, "asked")])).stdout.trim();
    assert.deepEqual(await domains(uri(known())), ["test"]);
    assert.equal(await asked(), "test:///default");
    assert.deepEqual(await domains(uri(known(), "proxy=native"), true), ["test"]);
    assert.equal(await asked(), "-r test:///default");
    await rm(helper);
    await assert.rejects(domains(uri(known(), "proxy=native")), (error) => isLibvirtError(error, "SYSTEM_ERROR"));
  });

  test("many calls and a large answer pass", async () => {
    await using conn = await open(uri(known(), `socket=${daemon.socket}`, "proxy=netcat"));
    const all = await Promise.all(Array.from({ length: 200 }, () => conn.getCapabilities()));
    assert.equal(new Set(all).size, 1);
  });

  test("what ssh says is in the error", async () => {
    const failure = (pattern: RegExp) => (error: unknown) =>
      isLibvirtError(error, "SYSTEM_ERROR") &&
      pattern.test(error.message) &&
      error.message.startsWith("Cannot recv data: ");
    const socket = `socket=${daemon.socket}`;
    await writeFile(join(folder, "empty"), "");
    // Nobody is asked whether an unknown host is right.
    await assert.rejects(domains(uri(`known_hosts=${folder}/empty`, socket)), failure(/Host key verification failed/));
    assert.deepEqual(await domains(uri(`known_hosts=${folder}/empty`, socket, "no_verify=1", "proxy=netcat")), [
      "test",
    ]);
    await assert.rejects(domains(uri(known(), "socket=/nosuch", "proxy=netcat")), failure(/\/nosuch/));
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "other")]);
    const other = uri(known(), socket).replace("/key&", "/other&");
    await assert.rejects(domains(other), failure(/Permission denied/));
    await assert.rejects(domains(uri(socket, "command=/nosuch/ssh")), /cannot execute binary \/nosuch\/ssh/);
  });

  test("opening can be given up, and leaves no ssh behind", async () => {
    const script = join(folder, "silent");
    const text = `#!/bin/sh\necho $$ >${folder}/pid.new\nmv ${folder}/pid.new ${folder}/pid\nexec sleep 1000\n`;
    await writeFile(script, text, { mode: 0o755 });
    const control = new AbortController();
    const watcher = watch(folder, (_, name) => name === "pid" && control.abort());
    const opening = open(uri(`command=${script}`), { signal: control.signal });
    await assert.rejects(opening, (error) => isLibvirtError(error, "OPERATION_ABORTED"));
    watcher.close();
    const { stdout: pid } = await run("cat", [join(folder, "pid")]);
    // It has been told to go; that may take the system a moment.
    await run("timeout", ["30", "tail", `--pid=${pid.trim()}`, "-f", "/dev/null"]);
  });
});

test("ssh's command line", () => {
  const settings = { mode: undefined, proxy: undefined, tlsPriority: undefined };
  const commandOf = (text: string, readOnly = false) => {
    const { target, name } = readRemoteUri(parseConnectionUri(text), settings);
    assert.ok(target.transport === "ssh");
    return sshCommand(target, { readOnly, name });
  };
  assert.deepEqual(commandOf("qemu+ssh://me@host:2222/system?keyfile=/k&no_tty=1&proxy=native").slice(0, -1), [
    ...["ssh", "-p", "2222", "-l", "me", "-i", "/k", "-T", "-e", "none", "-o", "BatchMode=yes", "--", "host"],
  ]);
  assert.equal(
    commandOf("qemu+ssh://h/system?proxy=native", true).at(-1),
    `sh -c 'exec virt-ssh-helper -r '\\''qemu:///system'\\'''`,
  );
  assert.match(
    commandOf("qemu+ssh://h/system?proxy=netcat").at(-1) ?? "",
    /nc.*-U.*\/var\/run\/libvirt\/libvirt-sock'/,
  );
  assert.match(commandOf("qemu+ssh://h/system?proxy=netcat", true).at(-1) ?? "", /libvirt-sock-ro'/);
  // Whatever is in a URI is a word to the far shell, not a command.
  assert.match(commandOf("qemu+ssh://h/system?proxy=netcat&socket=/a;reboot").at(-1) ?? "", /'\\''\/a;reboot'\\''/);
  assert.throws(() => commandOf("qemu+ssh://-oProxyCommand=reboot/system"), /does not name a host/);
  assert.deepEqual(
    commandOf("qemu+libssh://h/system?sshauth=agent,privkey,password&known_hosts_verify=auto&known_hosts=/k").slice(
      4,
      -3,
    ),
    [
      ...["-o", "StrictHostKeyChecking=accept-new", "-o", "UserKnownHostsFile=/k"],
      ...["-o", "PreferredAuthentications=publickey,password"],
    ],
  );
});
