/** Asks an emulator what it can do: starts it without a machine, talks to its monitor, ends it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants } from "node:fs/promises";
import type { Duplex } from "node:stream";
import { ErrorNumber, isLibvirtError, LibvirtError, systemError } from "../../../errors.ts";
import { boundToUs } from "../../../host/bound-process.ts";
import { qmpError } from "../monitor/errors.ts";
import { type CallOptions, QmpMonitor } from "../monitor/qmp.ts";
import { collectCapabilities, QemuCapabilities } from "./capabilities.ts";
import type { Ask } from "./facts.ts";

/** Longest wait for one answer in ms. An emulator answers all of it in 0.1 s; a host in trouble may need longer. */
const ANSWER_TIMEOUT = 30_000;

/** How much of an emulator's complaints is kept for the error, in bytes. */
const KEPT_COMPLAINTS = 4096;

export interface ProbeOptions extends CallOptions {
  /** The user and group that guests run as: whether KVM may be used depends on them. */
  readonly identity?: { readonly uid: number; readonly gid: number };
}

/**
 * Probes the emulator at `binary`, an absolute path.
 * @throws LibvirtError SYSTEM_ERROR when it cannot be executed; INTERNAL_ERROR when it does not answer, with its
 *   last words.
 */
export async function probeEmulator(binary: string, options: ProbeOptions = {}): Promise<QemuCapabilities> {
  await using probes = new ProbeSet(binary, options);
  const first = await probes.start("kvm:tcg");
  return new QemuCapabilities(await collectCapabilities(first, () => probes.start("tcg")));
}

/** The emulators that one probe has started; they end with it. */
class ProbeSet implements AsyncDisposable {
  readonly #binary: string;
  readonly #options: ProbeOptions;
  readonly #running: ProbeProcess[] = [];

  constructor(binary: string, options: ProbeOptions) {
    this.#binary = binary;
    this.#options = options;
  }

  async start(accelerators: string): Promise<Ask> {
    const probe = await startProbe(this.#binary, accelerators, this.#options);
    this.#running.push(probe);
    const monitor = await probe.explaining(QmpMonitor.over(probe.monitor, this.#callOptions()));
    return (command, args) => {
      const answer = monitor.execute(command, args, this.#callOptions());
      return probe.explaining(
        answer.catch((error: unknown) => {
          if (qmpError(error) !== undefined) return null;
          throw error;
        }),
      );
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running.map((probe) => probe.end()));
  }

  #callOptions(): CallOptions & { label: string } {
    return { label: `probe of ${this.#binary}`, timeout: ANSWER_TIMEOUT, ...this.#options };
  }
}

interface ProbeProcess {
  readonly monitor: Duplex;
  /** The same promise, whose failure also tells what the emulator said last. */
  explaining<T>(promise: Promise<T>): Promise<T>;
  end(): Promise<void>;
}

async function startProbe(binary: string, accelerators: string, { identity }: ProbeOptions): Promise<ProbeProcess> {
  const args = [
    ...["-S", "-no-user-config", "-nodefaults", "-display", "none"],
    ...["-machine", `none,accel=${accelerators}`],
    ...["-chardev", "socket,id=monitor,fd=3", "-mon", "chardev=monitor,mode=control"],
  ];
  await access(binary, constants.X_OK).catch((error) => {
    throw systemError("QEMU", `cannot check QEMU binary ${binary}`, error);
  });
  const [command, words] = boundToUs(binary, args);
  // Node makes the pipe at 3 a pair of sockets, which is what QEMU wants there.
  const child = spawn(command, words, { cwd: "/", stdio: ["ignore", "ignore", "pipe", "pipe"], ...identity });
  let complaints = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-KEPT_COMPLAINTS);
  });
  await once(child, "spawn").catch((error) => {
    throw systemError("QEMU", `cannot check QEMU binary ${binary}`, error);
  });
  const closed = once(child, "close");
  return {
    monitor: child.stdio[3] as Duplex,
    explaining: (promise) => promise.catch((error) => explain(binary, error, child, closed, () => complaints)),
    end: async () => {
      child.kill("SIGKILL");
      await closed;
    },
  };
}

async function explain(
  binary: string,
  error: unknown,
  child: ChildProcess,
  closed: Promise<unknown>,
  complaints: () => string,
): Promise<never> {
  // Whatever happened, this emulator is of no more use; its last words are complete when it has gone.
  child.kill("SIGKILL");
  await closed;
  if (isLibvirtError(error) && error.code === ErrorNumber.OPERATION_ABORTED) throw error;
  const detail = error instanceof Error ? error.message : String(error);
  const words = complaints().trim();
  throw new LibvirtError(
    "INTERNAL_ERROR",
    "QEMU",
    `failed to probe the capabilities of ${binary}: ${words === "" ? detail : `${words} (${detail})`}`,
    { cause: error },
  );
}
