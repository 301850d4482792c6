/** A private tsvirtd for a test: its own root, its own sockets, gone with the test. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { boundToUs } from "../../src/host/bound-process.ts";
import { connectUnix } from "../../src/host/unix.ts";
import { duplexTransport, RpcClient, type RpcEventSink } from "../../src/rpc/index.ts";

/** Something that ends: a test, or a file of them. */
export interface Lifetime {
  after(end: () => unknown): void;
}

export interface TsvirtdOptions {
  /** Text of its `libvirtd.conf`. */
  readonly config?: string;
  readonly args?: readonly string[];
  /** Its root; a new folder, which goes with the test, unless given. */
  readonly root?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Gives it a network of its own, where it may make bridges: it is reached by its unix sockets alone. Needs root. */
  readonly network?: boolean;
}

export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The drivers that a daemon serves. */
export type ServedDriver = "test" | "qemu" | "xen";

/** How a daemon ended. */
export interface DaemonEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const mainFile = fileURLToPath(new URL(`tsvirtd-main${extension}`, import.meta.url));

/** The command that runs the program with these words, from the sources or from the build as the test itself. */
export function tsvirtdCommand(words: readonly string[]): { readonly command: string; readonly args: string[] } {
  return { command: process.execPath, args: [...loaderOf(process.execArgv), mainFile, ...words] };
}

/** The options that say how modules are loaded, with their values: they are passed on, what the test runner was told is not. */
export function loaderOf(options: readonly string[]): string[] {
  return options.flatMap((word, at) => {
    const [, value] = /^(?:--(?:import|require|loader|experimental-loader)|-r)(=.*)?$/s.exec(word) ?? [null, null];
    if (value === null) return [];
    return value === undefined ? [word, ...options.slice(at + 1, at + 2)] : [word];
  });
}

/** Runs the program, which does not outlive the test's process, however that ends. */
export function spawnTsvirtd(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  ipc: boolean,
  stdin: "ignore" | "pipe" = "ignore",
): ChildProcess {
  const { command, args } = tsvirtdCommand(words);
  return spawnProgram([command, ...args], env, ipc, stdin);
}

function spawnProgram(
  [command = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  ipc: boolean,
  stdin: "ignore" | "pipe" = "ignore",
): ChildProcess {
  const [program, words] = boundToUs(command, args);
  return spawn(program, words, {
    stdio: [stdin, "pipe", "pipe", ...(ipc ? (["ipc"] as const) : [])],
    env: { ...process.env, ...env },
  });
}

/** What runs a command in a network of its own, with its own view of the devices. */
const inOwnNetwork = [
  ...["unshare", "--net", "--mount", "sh", "-c"],
  'mount -t sysfs sysfs /sys && ip link set lo up && exec "$@"',
  "sh",
];

const endings = new WeakMap<Lifetime, (() => unknown)[]>();

/** What is to be done after a test, newest first: what was begun later may need what was begun before. */
function atEnd(t: Lifetime, step: () => unknown): void {
  const steps = endings.get(t) ?? [];
  if (steps.length === 0) {
    endings.set(t, steps);
    t.after(async () => {
      for (let next = steps.pop(); next !== undefined; next = steps.pop()) await next();
    });
  }
  steps.push(step);
}

/** A folder for sockets, whose paths may not be long, and for what guests need, whoever they run as. */
export async function shortFolder(t: Lifetime): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsv-"));
  await chmod(folder, 0o711);
  atEnd(t, () => rm(folder, { recursive: true, force: true }));
  return folder;
}

export class Tsvirtd {
  readonly root: string;
  readonly ended: Promise<DaemonEnd>;
  readonly #child: ChildProcess;
  #log = "";

  /** Starts a daemon; clients can connect when the promise resolves. It ends with the test at the latest. */
  static async start(t: Lifetime, options: TsvirtdOptions = {}): Promise<Tsvirtd> {
    const root = options.root ?? (await shortFolder(t));
    await mkdir(root, { recursive: true });
    if (options.config !== undefined) await writeFile(join(root, "libvirtd.conf"), options.config);
    // A process that goes on in the background tells its starter when clients can connect.
    const env = { ...options.env, TSVIRTD_IN_BACKGROUND: "1" };
    const { command, args } = tsvirtdCommand(["--root", root, ...(options.args ?? [])]);
    const around = options.network ? inOwnNetwork : [];
    const daemon = new Tsvirtd(root, spawnProgram([...around, command, ...args], env, true));
    atEnd(t, async () => {
      await daemon.stop();
      await endGuests(root);
    });
    await daemon.#ready();
    return daemon;
  }

  private constructor(root: string, child: ChildProcess) {
    this.root = root;
    this.#child = child;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#log += text;
    });
    child.stdout?.resume();
    this.ended = once(child, "close").then(([code, signal]) => ({ code, signal }));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it has logged to standard error so far. */
  get log(): string {
    return this.#log;
  }

  /** The path of a socket. */
  socket(name: "libvirt-sock" | "libvirt-sock-ro" | "libvirt-admin-sock" = "libvirt-sock"): string {
    return join(this.root, "run", name);
  }

  /** How libvirt's clients reach `test:///default`, `qemu:///system` or `xen:///system` of this daemon. */
  uri(driver: ServedDriver = "test"): string {
    return `${driver}+unix:///${driver === "test" ? "default" : "system"}?socket=${this.socket()}`;
  }

  /** The same, by the read-only socket. */
  readOnlyUri(driver: ServedDriver = "test"): string {
    return this.uri(driver).replace(this.socket(), this.socket("libvirt-sock-ro"));
  }

  /** Opens a connection of our own to a socket, on the protocol's level: nothing is called yet. */
  async connect(
    t: Lifetime,
    name?: Parameters<Tsvirtd["socket"]>[0],
    onEvent: RpcEventSink = () => {},
  ): Promise<RpcClient> {
    const client = new RpcClient(duplexTransport(await connectUnix(this.socket(name))), { onEvent });
    atEnd(t, () => client.close());
    return client;
  }

  /** Runs the real virsh on a connection to it. */
  virsh(args: readonly string[], uri = this.uri()): Promise<ProgramResult> {
    return runClient("virsh", ["-c", uri, ...args]);
  }

  /** Runs the real virt-admin on it. */
  virtAdmin(args: readonly string[]): Promise<ProgramResult> {
    return runClient("virt-admin", ["-c", `libvirtd:///system?socket=${this.socket("libvirt-admin-sock")}`, ...args]);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits until it has logged what matches, which it may have done already. */
  async logged(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#log)) {
      if (this.#child.exitCode !== null) throw new Error(`the daemon ended without logging ${pattern}: ${this.#log}`);
      await Promise.race([once(this.#child.stderr ?? this.#child, "data"), this.ended]);
    }
  }

  /** Ends it in order, and waits for it. */
  stop(): Promise<DaemonEnd> {
    this.signal("SIGTERM");
    return this.ended;
  }

  /** Kills it, and waits for it. */
  kill(): Promise<DaemonEnd> {
    this.signal("SIGKILL");
    return this.ended;
  }

  async #ready(): Promise<void> {
    const report = once(this.#child, "message").then(([{ failure }]) => failure as string | null);
    const failure = await Promise.race([report, this.ended.then(({ code }) => `exit code ${code}`)]);
    if (failure !== null) throw new Error(`tsvirtd did not start: ${failure}\n${this.#log}`);
  }
}

/** Ends the guests that a daemon leaves running. */
async function endGuests(root: string): Promise<void> {
  const statuses = await readdir(join(root, "qemu", "status")).catch(() => []);
  if (statuses.length === 0) return;
  // Most daemons have none, and the driver is large.
  const { openQemu } = await import("./qemu-driver.ts");
  const router = await openQemu(root);
  const { domains } = await router.call("connectListAllDomains", { needResults: 1, flags: 1 });
  await Promise.all(domains.map((dom) => router.call("domainDestroy", { dom })));
  await router.close();
}

/**
 * Runs one of libvirt's programs to its end.
 * @param uid whom it runs as; whoever runs the test unless given
 */
export function runClient(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  uid?: number,
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const words = { PATH: process.env.PATH, HOME: tmpdir(), LC_ALL: "C.UTF-8", ...env };
    execFile(program, [...args], { env: words, timeout: 180_000, uid, gid: uid }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== "number") reject(error);
      else resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    }).stdin?.end();
  });
}
