/** A libvirtd of libvirt's own, with its whole state in a folder of the test. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The folder of the test's scripts, which are not compiled. */
export const scripts = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "." : "../../../test/remote/", import.meta.url),
);

/** Python has to come from the system, for libvirt's module does. */
export const python = "/usr/bin/python3";
const needed = ["/usr/sbin/libvirtd", "/usr/bin/unshare"];

/** Why there is no libvirtd to talk to, or false. */
export function withoutLibvirtd(...more: string[]): string | false {
  if (process.getuid?.() !== 0) return "a private libvirtd needs root";
  const lacking = [...needed, ...more].filter((path) => !existsSync(path));
  return lacking.length === 0 ? false : `not installed: ${lacking.join(", ")}`;
}

/** Why python3-libvirt cannot be asked, or false. */
export function withoutPython(): string | false {
  return withoutLibvirtd(python, "/usr/lib/python3/dist-packages/libvirt.py");
}

const basics = `
auth_unix_rw = "none"
auth_unix_ro = "none"
unix_sock_ro_perms = "0777"
log_level = 3
host_uuid = "6b9f2d0a-3c1e-4a57-9d58-0f2a7c4e9b10"
`;

/** The settings of the QEMU driver that let it run guests here. */
export const qemuConf = `
cgroup_controllers = []
namespaces = []
security_driver = "none"
stdio_handler = "file"
user = "root"
group = "root"
`;

export interface LibvirtdOptions {
  /** Lines of libvirtd.conf beside the basic ones; a name that stands here replaces theirs. */
  readonly conf?: string;
  readonly args?: readonly string[];
  /** Further files, by their path within the daemon's folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Gives it a network of its own, where it may make bridges: it is reached by its unix sockets alone. */
  readonly network?: boolean;
  /** Words of the environment beside those of the test. */
  readonly env?: NodeJS.ProcessEnv;
  /** A folder of its own to use; the caller removes it. */
  readonly folder?: string;
}

export class Libvirtd {
  readonly folder: string;
  readonly #child: ChildProcess;
  readonly #ownsFolder: boolean;

  private constructor(folder: string, child: ChildProcess, ownsFolder: boolean) {
    this.folder = folder;
    this.#child = child;
    this.#ownsFolder = ownsFolder;
  }

  get socket(): string {
    return join(this.folder, "sock", "libvirt-sock");
  }

  /** A URI over the daemon's own socket: `test+unix:///default?socket=...`. */
  uri(driver = "test", path = "/default"): string {
    return `${driver}+unix://${path}?socket=${this.socket}`;
  }

  /** Starts a daemon and waits until it listens. */
  static async start(options: LibvirtdOptions = {}): Promise<Libvirtd> {
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "tsvirt-libvirtd-")));
    await mkdir(join(folder, "sock"), { recursive: true });
    await mkdir(join(folder, "etc"), { recursive: true });
    await writeFile(join(folder, "etc", "qemu.conf"), qemuConf);
    for (const [path, text] of Object.entries(options.files ?? {})) {
      await mkdir(join(folder, path, ".."), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const own = (options.conf ?? "").split("\n").map((line) => line.split("=")[0]?.trim());
    const kept = basics.split("\n").filter((line) => !own.includes(line.split("=")[0]?.trim() || "#"));
    const conf = [`unix_sock_dir = "${folder}/sock"`, ...kept, options.conf ?? "", ""].join("\n");
    await writeFile(join(folder, "libvirtd.conf"), conf);
    const script = join(scripts, "libvirtd.sh");
    const ownNetwork = options.network ? ["--net"] : [];
    const env = { ...process.env, ...options.env, OWN_NETWORK: options.network ? "yes" : "" };
    const namespaces = [...ownNetwork, "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
    const child = spawn("unshare", [...namespaces, "sh", script, folder, ...(options.args ?? [])], {
      stdio: ["pipe", "ignore", "inherit"],
      env,
    });
    const daemon = new Libvirtd(folder, child, options.folder === undefined);
    try {
      await daemon.#listening();
    } catch (error) {
      await daemon.stop();
      throw error;
    }
    return daemon;
  }

  /** The daemon's process id. */
  async pid(): Promise<number> {
    const found = await descendant(this.#child.pid ?? 0, "libvirtd");
    if (found === null) throw new Error("libvirtd has ended");
    return found;
  }

  /** Ends the daemon at once, as a crash would. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    // With the first process of the namespace, all others in it end.
    this.#child.kill("SIGKILL");
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill();
    if (this.#ownsFolder) await rm(this.folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #listening(): Promise<void> {
    for (let tried = 0; tried < 3600; tried++) {
      if (await accepts(this.socket)) return;
      if (this.#child.exitCode !== null) break;
      await delay(50);
    }
    const words = await readFile(join(this.folder, "stderr"), "utf8").catch(() => "");
    throw new Error(`libvirtd does not listen on ${this.socket}: ${words}`);
  }
}

/** A process below another, by the name of its program. */
async function descendant(pid: number, name: string): Promise<number | null> {
  const command = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  if (command.trim() === name) return pid;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  for (const child of children.split(" ").filter((word) => word !== "")) {
    const found = await descendant(Number(child), name);
    if (found !== null) return found;
  }
  return null;
}

function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
