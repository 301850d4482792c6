/** The emulated machine: boots the hypervisor, and hears what is told over its two serial ports. */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { linuxOptions } from "./linux.ts";

export interface Boot {
  readonly hypervisor: string;
  readonly kernel: string;
  /** The host's first file system. */
  readonly initrd: string;
  /** Where what comes over the second serial port is kept. */
  readonly results: string;
  /** In ms; the machine is ended when it takes longer. */
  readonly limit: number;
  readonly onLine?: (line: string) => void;
}

export interface Outcome {
  /** What came over the second serial port. */
  readonly results: string;
  /** What hypervisor and host printed. */
  readonly console: string;
  /** Why the machine did not turn itself off; null when it did. */
  readonly failure: string | null;
}

export const emulator = "qemu-system-x86_64";

/**
 * Without SMAP, which this QEMU does not emulate as a paravirtualized kernel needs it; without RDTSCP, at which guests
 * with hardware virtualization end. Without fast string operations: who finds them copies and clears memory byte by byte,
 * which they make fast on a real processor and nothing does on an emulated one.
 */
const processor = "max,-smap,-rdtscp,-erms,-fsrm";

/**
 * Without what defends against a processor's speculation, which costs much under emulation, and there is none. Floating-point registers change hands with the
 * processor, not when they are used first, which the hypervisor does on AMD's: emulated, programs of the host lose theirs.
 */
const hypervisorOptions =
  "console=com1 com1=115200,8n1 dom0_mem=1024M loglvl=warning bootscrub=off xpti=no spec-ctrl=no,eager-fpu";

/** A comma in what a kernel is told is written twice. */
const hostOptions = `console=hvc0 earlyprintk=xen ${linuxOptions}`.replaceAll(",", ",,");

function argumentsOf({ hypervisor, kernel, initrd, results }: Boot): string[] {
  return [
    ...["-accel", "tcg", "-machine", "q35", "-cpu", processor, "-m", "2560", "-smp", "1"],
    ...["-nodefaults", "-display", "none", "-no-reboot", "-serial", "stdio", "-serial", `file:${results}`],
    ...["-kernel", hypervisor, "-append", hypervisorOptions],
    ...["-initrd", `${kernel} ${hostOptions},${initrd}`],
  ];
}

/** Boots the machine, and waits until it has turned itself off. */
export async function boot(options: Boot): Promise<Outcome> {
  const child = spawn(emulator, argumentsOf(options), { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let line = "";
  const take = (text: string) => {
    printed += text;
    const lines = (line + text).split(/\r?\n/);
    line = lines.pop() ?? "";
    for (const whole of lines) options.onLine?.(whole);
  };
  child.stdout.setEncoding("latin1").on("data", take);
  child.stderr.setEncoding("latin1").on("data", take);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, options.limit);
  const end = await new Promise<string | null>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(code === 0 ? null : `it ended with ${signal ?? `exit code ${code}`}`));
  });
  clearTimeout(timer);
  const failure = late ? `it was not done after ${options.limit / 1000} s` : end;
  return { results: await readFile(options.results, "latin1").catch(() => ""), console: printed, failure };
}
