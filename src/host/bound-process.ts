/** Processes that must not outlive this program, however it ends: what only we can make use of. */
import { accessSync, constants } from "node:fs";

/** util-linux's program, part of every Debian: it has the kernel end what it becomes when its parent ends. */
const setpriv = "/usr/bin/setpriv";

let available: boolean | undefined;

function haveSetpriv(): boolean {
  available ??= isExecutable(setpriv);
  return available;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A command line that runs another one which is killed when this program ends; the same where that cannot be had. */
export function boundToUs(command: string, args: readonly string[]): readonly [command: string, args: string[]] {
  return haveSetpriv() ? [setpriv, ["--pdeathsig", "KILL", "--", command, ...args]] : [command, [...args]];
}
