/** A program that opens the root, says so or why not, and waits to be killed: `opener.js URI`. */
import { writeSync } from "node:fs";
import { isLibvirtError, open, silenceErrors } from "../../src/api/index.ts";

export type Outcome = { readonly open: true } | { readonly code: number; readonly message: string };
const say = (outcome: Outcome): void => void writeSync(1, `${JSON.stringify(outcome)}\n`);

silenceErrors();
try {
  await open(process.argv[2] ?? "");
  say({ open: true });
  setInterval(() => {}, 60_000);
} catch (error) {
  say(isLibvirtError(error) ? { code: error.code, message: error.message } : { code: 0, message: String(error) });
}
