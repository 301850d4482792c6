/** The program `tsvirtd`. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { packageVersion } from "../host/package-version.ts";
import { type Invocation, parseCommandLine, type RunOptions, UsageError, usage } from "./command-line.ts";
import { Daemon } from "./daemon.ts";
import { errorText } from "./log/log.ts";
import { passwd } from "./passwd.ts";
import { pathsOf } from "./paths.ts";

/** Set for the process that goes on in the background. */
const backgroundMark = "TSVIRTD_IN_BACKGROUND";

/**
 * What calls leave behind is short-lived: the space that V8 would let grow for it, tens of MiB in a busy daemon, would
 * make nothing faster. It can be told so only before that space has grown. What has outlived a few calls, such as the
 * connections that come and go, is cleared away when there is half as much of it as is in use, not four times as much.
 */
function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=50");
}

/** Runs the program. @returns its exit code, when it has ended */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<number> {
  if (argv[0] === "passwd") return passwd(argv.slice(1));
  const invocation = read(argv);
  if (invocation === null) return 1;
  switch (invocation.kind) {
    case "help":
      process.stdout.write(usage(pathsOf()));
      return 0;
    case "version":
      process.stdout.write(`tsvirtd (tsvirt) ${packageVersion()}\n`);
      return 0;
    case "run":
      keepHeapSmall();
      return run(invocation.run, argv);
  }
}

function read(argv: readonly string[]): Invocation | null {
  try {
    return parseCommandLine(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`tsvirtd: ${error.message}\n${usage(pathsOf())}`);
    return null;
  }
}

async function run(options: RunOptions, argv: readonly string[]): Promise<number> {
  const inBackground = process.env[backgroundMark] !== undefined;
  delete process.env[backgroundMark];
  if (options.background && !inBackground) return startInBackground(argv);
  try {
    const daemon = await startDaemon(options);
    if (inBackground) {
      // It keeps no file system busy that it was started in.
      process.chdir("/");
      tellStarter(null);
    }
    await daemon.ended;
    return 0;
  } catch (error) {
    const message = errorText(error);
    if (inBackground) tellStarter(message);
    else process.stderr.write(`tsvirtd: ${message}\n`);
    return 1;
  }
}

async function startDaemon(options: RunOptions): Promise<Daemon> {
  const isRoot = process.geteuid?.() === 0;
  const absolute = (path: string | null) => (path === null ? null : resolve(path));
  const run = { ...options, config: absolute(options.config), pidFile: absolute(options.pidFile) };
  const paths = pathsOf({ root: options.root, isRoot });
  // Whoever keeps everything below a folder of his own manages what is there as the system's.
  const daemon = await Daemon.start({ run, paths, isSystem: isRoot || options.root !== null });
  takeFaults(daemon);
  process.on("SIGHUP", () => void daemon.reload());
  for (const signal of ["SIGTERM", "SIGINT", "SIGQUIT"] as const) process.on(signal, () => void daemon.stop());
  return daemon;
}

/** What nobody has caught goes into the log: the daemon goes on for those whom it has not hit. */
function takeFaults({ log }: Daemon): void {
  const logger = log.logger("daemon");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => logger.warning(warning.message));
  process.on("uncaughtException", (error) => logger.error(`unexpected: ${errorText(error)}`));
  process.on("unhandledRejection", (error) => logger.error(`unexpected: ${errorText(error)}`));
}

/** What the process in the background tells the one that started it: null when clients can connect. */
interface Report {
  readonly failure: string | null;
}

/** Starts the daemon as a process of its own, and waits until clients can connect. */
function startInBackground(argv: readonly string[]): Promise<number> {
  const program = process.argv[1] === undefined ? [] : [process.argv[1]];
  const child = spawn(process.execPath, [...process.execArgv, ...program, ...argv], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: { ...process.env, [backgroundMark]: "1" },
  });
  return new Promise((done) => {
    const fail = (message: string): void => {
      process.stderr.write(`tsvirtd: ${message}\n`);
      done(1);
    };
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code, signal) => fail(`the daemon ended at once (${signal ?? `exit code ${code}`})`));
    child.once("message", ({ failure }: Report) => {
      child.removeAllListeners("exit");
      child.disconnect();
      child.unref();
      if (failure === null) done(0);
      else fail(failure);
    });
  });
}

function tellStarter(failure: string | null): void {
  process.send?.({ failure } satisfies Report, undefined, undefined, () => {
    if (process.connected) process.disconnect();
  });
}
