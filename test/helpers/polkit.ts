/** A real polkitd on a message bus of the test's own, and programs that other users run. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { type ProgramResult, shortFolder } from "./tsvirtd.ts";

const polkitd = "/usr/lib/polkit-1/polkitd";
const busProgram = "/usr/bin/dbus-daemon";
const actions = "/usr/share/polkit-1/actions/org.libvirt.unix.policy";
const programs = [polkitd, busProgram, actions, "/usr/bin/virsh", "/usr/bin/setpriv"];

/** Why no polkitd can be asked, or false. */
export function withoutPolkit(): string | false {
  if (process.getuid?.() !== 0) return "polkitd has to be started by root";
  const lacking = programs.filter((path) => !existsSync(path));
  return lacking.length > 0 ? `not installed: ${lacking.join(", ")}` : false;
}

const busConfig = (socket: string) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type><listen>unix:path=${socket}</listen><auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
  </policy>
</busconfig>`;

/** Waits for a line of a program's output; what it says after that is let go. */
function lineOf(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`it ended with ${code} without saying ${pattern}`)));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => pattern.test(line) && resolve());
    }
  });
}

function start(t: TestContext, command: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  t.after(() => {
    child.kill();
    return gone;
  });
  return child;
}

/** A message bus. @returns its socket */
export async function startBus(t: TestContext): Promise<string> {
  const folder = await shortFolder(t);
  await chmod(folder, 0o755);
  const socket = join(folder, "bus");
  await writeFile(join(folder, "bus.conf"), busConfig(socket));
  const config = ["--nofork", "--nopidfile", "--print-address", `--config-file=${join(folder, "bus.conf")}`];
  await lineOf(start(t, [busProgram, ...config]), /unix:path/);
  return socket;
}

/**
 * Starts a polkitd.
 * @param bus the socket of its bus
 * @param rules the only ones it knows, in polkit's JavaScript
 * @param around a command that it is run by
 */
export async function startPolkitd(
  t: TestContext,
  bus: string,
  rules: string,
  around: readonly string[] = [],
): Promise<void> {
  const folder = await shortFolder(t);
  await chmod(folder, 0o755);
  await writeFile(join(folder, "10.rules"), rules);
  const script = `mount --make-rprivate / && mount --bind ${folder} /etc/polkit-1/rules.d && exec ${polkitd}`;
  const env = { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${bus}` };
  await lineOf(start(t, [...around, "unshare", "-m", "sh", "-c", script], env), /Acquired the name/);
}

/** Runs a program to its end as another user; `around` is a command that it is run by. */
export function runAs(
  user: string,
  command: readonly string[],
  around: readonly string[] = [],
): Promise<ProgramResult> {
  const [program = "", ...words] = [...around, "setpriv", `--reuid=${user}`, "--clear-groups", ...command];
  const env = { PATH: process.env.PATH, HOME: "/", LC_ALL: "C.UTF-8" };
  return new Promise((resolve) => {
    execFile(program, words, { env, timeout: 180_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    }).stdin?.end();
  });
}
