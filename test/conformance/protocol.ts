/** What the runner of the conformance data asks and expects, one JSON line each. */
import { readFile } from "node:fs/promises";

/** A case, without its verdict. `files` are paths by role; `params` depend on the suite. */
export interface Request {
  readonly id: string;
  readonly suite: string;
  readonly op?: string;
  readonly mode?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly trees?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly [fact: string]: unknown;
}

/** `reject` is a proper refusal; `error` is a defect of ours; `skip` counts as failed. */
export interface Answer {
  readonly result: "ok" | "reject" | "skip" | "error";
  readonly output?: string | readonly string[];
  readonly outputs?: Readonly<Record<string, string>>;
  readonly message?: string;
}

/**
 * Answers one case with the code the drivers run, and returns what it produced. It throws what that code throws:
 * a LibvirtError counts as a refusal, anything else as a crash.
 */
export type Handler = (request: Request) => Produced | Promise<Produced>;

/** The output, or the output with secondary ones by role. */
export type Produced = string | readonly string[] | Omit<Answer, "result" | "message">;

/** The text of a case's file. */
export async function input(request: Request, role = "input"): Promise<string> {
  const path = request.files?.[role];
  if (path === undefined) throw new Error(`case ${request.id} has no file in role '${role}'`);
  return await readFile(path, "utf8");
}
