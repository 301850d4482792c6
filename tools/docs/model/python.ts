/** What the Python package has for each function of C. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

export interface PythonMethod {
  /** The function of C. */
  readonly function: string;
  /** Null for a function of the module. */
  readonly class: string | null;
  readonly method: string;
  readonly parameters: readonly PythonParameter[];
  readonly returns: string;
  readonly doc: string;
}

export interface PythonParameter {
  readonly name: string;
  readonly hint: string;
  readonly default: string | null;
}

export interface PythonPackage {
  readonly methods: readonly PythonMethod[];
  /** Why functions of C are not there. */
  readonly leftOut: Readonly<Record<string, string>>;
}

/** The package in a folder, where its generator has run. @throws {Error} where it cannot be imported */
export function readPython(project: string, folder: string, python = "python3"): PythonPackage {
  const script = join(project, "tools", "docs", "model", "signatures.py");
  const told = execFileSync(python, ["-B", script, folder], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(told) as PythonPackage;
}
