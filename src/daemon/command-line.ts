/** The command line of tsvirtd: libvirtd's own options, and `--root`. */
import { parseArgs } from "node:util";
import type { Paths } from "./paths.ts";

interface Option {
  readonly short?: string;
  /** What its argument is, in the help; an option without one is a switch. */
  readonly argument?: string;
  readonly help: string;
}

/** Every option by its long name, in the order of the help. */
const options = {
  help: { short: "h", help: "Display program help" },
  verbose: { short: "v", help: "Verbose messages" },
  daemon: { short: "d", help: "Run as a daemon & write PID file" },
  listen: { short: "l", help: "Listen for TCP/IP connections" },
  timeout: { short: "t", argument: "secs", help: "Exit after timeout period" },
  config: { short: "f", argument: "file", help: "Configuration file" },
  version: { short: "V", help: "Display version information" },
  "pid-file": { short: "p", argument: "file", help: "Change name of PID file" },
  root: { argument: "dir", help: "Keep everything below a directory" },
} as const satisfies Readonly<Record<string, Option>>;

type OptionName = keyof typeof options;

/** What the command line asks for. */
export type Invocation = { readonly kind: "help" | "version" } | { readonly kind: "run"; readonly run: RunOptions };

export interface RunOptions {
  readonly verbose: boolean;
  /** Go to the background, once clients can connect. */
  readonly background: boolean;
  /** Listen at TCP ports. */
  readonly listen: boolean;
  /** End after so many seconds without clients and guests; null: never. */
  readonly timeout: number | null;
  readonly config: string | null;
  readonly pidFile: string | null;
  readonly root: string | null;
}

/** What is wrong with a command line. */
export class UsageError extends Error {}

/** Reads a command line. @throws UsageError */
export function parseCommandLine(argv: readonly string[]): Invocation {
  const values = parse(argv.map(unabbreviated));
  if (values.help) return { kind: "help" };
  if (values.version) return { kind: "version" };
  return {
    kind: "run",
    run: {
      verbose: values.verbose === true,
      background: values.daemon === true,
      listen: values.listen === true,
      timeout: values.timeout === undefined ? null : timeoutOf(String(values.timeout)),
      config: textOf(values.config),
      pidFile: textOf(values["pid-file"]),
      root: textOf(values.root),
    },
  };
}

type Values = { readonly [Name in OptionName]?: string | boolean };

function parse(argv: readonly string[]): Values {
  const entries = Object.entries<Option>(options).map(([name, { short, argument }]) => [
    name,
    { type: argument === undefined ? "boolean" : "string", ...(short && { short }) },
  ]);
  try {
    const parsed = parseArgs({ args: [...argv], options: Object.fromEntries(entries), allowPositionals: true });
    if (parsed.positionals.length > 0) throw new UsageError("unexpected, non-option, command line arguments");
    return parsed.values as Values;
  } catch (error) {
    // Its first sentence says what is wrong; the rest is about programs that take file names.
    throw error instanceof UsageError ? error : new UsageError((error as Error).message.split(". ")[0]);
  }
}

/** Long options may be cut short, as long as one is meant: `--conf`. */
function unabbreviated(word: string): string {
  const [, name = "", rest = ""] = /^--([a-z-]+)(=.*)?$/s.exec(word) ?? [];
  if (name === "" || Object.hasOwn(options, name)) return word;
  const meant = Object.keys(options).filter((option) => option.startsWith(name));
  if (meant.length > 1)
    throw new UsageError(`option '--${name}' is ambiguous: ${meant.map((one) => `--${one}`).join(", ")}`);
  return meant.length === 1 ? `--${meant[0]}${rest}` : word;
}

function timeoutOf(text: string): number {
  const seconds = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (seconds === 0) throw new UsageError(`Invalid value for timeout: '${text}' is no number of seconds above 0`);
  return seconds;
}

function textOf(value: string | boolean | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/** The help, with the places of files as they are for whoever asks. */
export function usage(paths: Paths): string {
  const rows = Object.entries<Option>(options).map(([name, { short, argument, help }]) => {
    const left = `${short === undefined ? "    " : `-${short} |`} --${name}${argument === undefined ? "" : ` <${argument}>`}`;
    return `  ${left.padEnd(22)} ${help}\n`;
  });
  return `
Usage:
  tsvirtd [options]

Options:
${rows.join("")}
libvirt management daemon:

  Default paths:

    Configuration file (unless overridden by -f):
      ${paths.config}

    Sockets:
      ${paths.sockets}/libvirt-sock
      ${paths.sockets}/libvirt-sock-ro

    PID file (unless overridden by -p):
      ${paths.pidFile}

`;
}
