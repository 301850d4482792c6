/** The examples of each entry: written by hand where there is one, else made from its signature. */
import type { PythonMethod } from "../model/python.ts";
import type { Entry, Reference } from "../model/reference.ts";
import type { Example } from "./example.ts";
import { pythonExample } from "./python.ts";
import { typescriptExample } from "./typescript.ts";
import { type WrittenExamples, writtenFor } from "./written.ts";

export interface EntryExamples {
  readonly typescript: Example;
  /** One for each method that Python has of it. */
  readonly python: readonly { readonly method: PythonMethod; readonly example: Example }[];
}

export function examplesOf(reference: Reference, written: WrittenExamples, entry: Entry): EntryExamples {
  const own = writtenFor(written.python, entry);
  return {
    typescript: writtenFor(written.typescript, entry) ?? typescriptExample(reference, entry),
    python: entry.python.map((method, at) => ({
      method,
      example: at === 0 && own ? own : pythonExample(reference, entry, method),
    })),
  };
}
