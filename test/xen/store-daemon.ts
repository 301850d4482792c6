/** Debian's own Xen Store daemons, on a machine without Xen: a shim answers what they ask of the hypervisor. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { projectRoot } from "../helpers/project.ts";
import { fetchTools } from "./lab/packages.ts";

const shimSource = join(projectRoot, "test", "xen", "store-shim", "shim.c");
const needed = ["/usr/bin/gcc", "/usr/bin/apt-get", "/usr/bin/apt-cache", "/usr/bin/dpkg-deb", "/usr/bin/unshare"];

/** Why the daemons cannot be started, or false. */
export function withoutStoreDaemons(): string | false {
  if (process.getuid?.() !== 0) return "a mount namespace of its own needs root";
  const lacking = needed.filter((path) => !existsSync(path));
  return lacking.length === 0 ? false : `not installed: ${lacking.join(", ")}`;
}

/** Xen's programs and the shim for them. */
export interface StorePrograms {
  readonly bin: string;
  readonly libraries: string;
  readonly shim: string;
}

/** @throws {LabUnavailable} where Debian's packages cannot be had */
export async function storePrograms(t: TestContext): Promise<StorePrograms> {
  const cache = join(projectRoot, ".cache", "xen-tools");
  await mkdir(cache, { recursive: true });
  const root = await fetchTools(cache);
  const version = (await readdir(join(root, "usr", "lib"))).find((name) => /^xen-\d/.test(name)) ?? "";
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-shim-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const shim = join(folder, "shim.so");
  const include = join(root, "usr", "include");
  execFileSync("/usr/bin/gcc", ["-shared", "-fPIC", "-O1", "-w", `-I${include}`, "-o", shim, shimSource, "-ldl"]);
  return { bin: join(root, "usr", "lib", version, "bin"), libraries: join(root, "usr/lib/x86_64-linux-gnu"), shim };
}

export type StoreDaemonName = "xenstored" | "oxenstored";

const oxenstoredConf =
  "pid-file = /run/xenstored/xenstored.pid\npersistent = false\nquota-activate = false\nxenstored-kva = /proc/xen/xsd_kva\nxenstored-port = /proc/xen/xsd_port\n";

/** A daemon that runs in its own view of /run; its socket is reached through a folder that it shares with us. */
export class StoreDaemon {
  readonly #programs: StorePrograms;
  readonly #name: StoreDaemonName;
  readonly #folder: string;
  #child: ChildProcess | null = null;

  private constructor(programs: StorePrograms, name: StoreDaemonName, folder: string) {
    this.#programs = programs;
    this.#name = name;
    this.#folder = folder;
  }

  static async start(t: TestContext, programs: StorePrograms, name: StoreDaemonName): Promise<StoreDaemon> {
    const folder = await mkdtemp(join(tmpdir(), "tsvirt-store-"));
    const daemon = new StoreDaemon(programs, name, folder);
    t.after(async () => {
      await daemon.stop();
      await rm(folder, { recursive: true, force: true });
    });
    for (const each of ["run", "lib", "domains"]) await mkdir(join(folder, each));
    await writeFile(join(folder, "oxenstored.conf"), oxenstoredConf);
    execFileSync("mkfifo", [join(folder, "domains", "events")]);
    await daemon.run();
    return daemon;
  }

  get socket(): string {
    return join(this.#folder, "run", "socket");
  }

  /** Starts the daemon; it is there when it takes connections. */
  async run(): Promise<void> {
    const { bin, libraries, shim } = this.#programs;
    const words = {
      xenstored: [join(bin, "xenstored"), "--no-fork"],
      oxenstored: [join(bin, "oxenstored"), "--no-fork", "--config-file", join(this.#folder, "oxenstored.conf")],
    }[this.#name];
    // The daemons' folders are their own: ours are put there, in a view of the files that ends with the daemon.
    const script = [
      "mount -t tmpfs tmpfs /run && mkdir -p /run/xenstored /run/xen /run/lock",
      `mount --bind "${join(this.#folder, "run")}" /run/xenstored`,
      'for each in lib log; do mount -t tmpfs tmpfs /var/$each; done; mkdir /var/lib/xenstored /var/log/xen; exec env LD_PRELOAD="$SHIM" "$@"',
    ].join(" && ");
    const child = spawn("unshare", ["--mount", "--kill-child", "sh", "-c", script, "sh", ...words], {
      env: { ...process.env, LD_LIBRARY_PATH: libraries, SHIM: shim, XEN_SHIM: join(this.#folder, "domains") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (said += data));
    const gone = new Promise<never>((_, reject) => {
      child.once("exit", (code, signal) => reject(new Error(`${this.#name} has ended (${code ?? signal}): ${said}`)));
    });
    gone.catch(() => undefined);
    await Promise.race([listens(this.socket, () => child.exitCode === null), gone]);
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    await rm(this.socket, { force: true });
  }

  /** A domain is there, as of now, or it is how a letter says. */
  async domain(id: number, state: "r" | "s" | "d" = "r"): Promise<void> {
    await writeFile(join(this.#folder, "domains", String(id)), state);
  }

  async noDomain(id: number): Promise<void> {
    await rm(join(this.#folder, "domains", String(id)), { force: true });
  }

  /** The hypervisor's word that some domain has changed. */
  async tell(): Promise<void> {
    const pipe = await open(join(this.#folder, "domains", "events"), "r+");
    await pipe.write("x");
    await pipe.close();
  }
}

/** Resolves when somebody takes connections at a path. The daemons tell nobody when they do. */
async function listens(path: string, goesOn: () => boolean): Promise<void> {
  while (goesOn()) {
    const taken = await new Promise<boolean>((resolve) => {
      const socket = connect(path);
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (taken) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
