/** What libvirt's own client does for every function of the API, written down as it goes over the wire. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Libvirtd, python, scripts } from "../libvirtd.ts";
import { type Recorded, Recorder } from "../recorder.ts";

/** The driver that is spoken to. */
export type Kind = "test" | "qemu";

export const paths: { readonly [K in Kind]: string } = { test: "/default", qemu: "/system" };

/** What libvirt's client did for one function. */
export interface Called {
  readonly cFunction: string;
  readonly calls: readonly Recorded[];
  /** The error as Python sees it: code, domain, message, level, str1, str2, str3, int1, int2. */
  readonly error: readonly unknown[] | null;
}

/** Lets libvirt's client call every function. */
export async function record(kind: Kind, daemon: Libvirtd): Promise<Called[]> {
  const recorder = await Recorder.start(join(daemon.folder, "theirs"), daemon.socket);
  const uri = `${kind}+unix://${paths[kind]}?socket=${recorder.path}`;
  const child = spawn(python, [join(scripts, "every", "every.py"), uri, kind], { stdio: ["pipe", "pipe", "inherit"] });
  const all: Called[] = [];
  // What a function needs before it is called is made by calls too; they belong to it, for the order matters.
  let first = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as { readonly end?: string; readonly error?: readonly unknown[] | null };
    if (told.end !== undefined) {
      const calls = recorder.calls.slice(first).filter(({ answer }) => answer !== null);
      all.push({ cFunction: told.end, calls, error: told.error ?? null });
      first = recorder.calls.length;
    }
    child.stdin.write("\n");
  }
  await recorder.stop();
  assert.equal(
    all.at(-1)?.cFunction,
    "virConnectClose",
    `${child.signalCode ?? child.exitCode} ends it after ${all.length}`,
  );
  return all;
}
