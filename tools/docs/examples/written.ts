/** Examples that were written by hand: the bodies of functions in `examples/reference`, by the functions' names. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Entry } from "../model/reference.ts";
import type { Example } from "./example.ts";

export interface WrittenExamples {
  readonly typescript: ReadonlyMap<string, Example>;
  readonly python: ReadonlyMap<string, Example>;
}

const typescriptFunction = /^export async function (\w+)\([^)]*\): Promise<void> \{\n([\s\S]*?)^\}$/gm;
const pythonFunction = /^def (\w+)\([^)]*\):\n((?: {4}.*\n|\n)+)/gm;
const typescriptImport = /^import (type )?\{([^}]*)\} from "([^"]+)";$/gm;
const pythonImport = /^(?:import|from) .*?(\w+)$/gm;

/** Reads them from a project. @throws {Error} that names a file without any */
export function readWritten(project: string): WrittenExamples {
  const folder = join(project, "examples", "reference");
  const read = (extension: string, examples: (text: string) => (readonly [string, Example])[]) =>
    new Map(
      readdirSync(folder)
        .filter((file) => file.endsWith(extension))
        .flatMap((file) => {
          const found = examples(readFileSync(join(folder, file), "utf8"));
          if (found.length === 0) throw new Error(`there is no example in ${file}`);
          return found;
        }),
    );
  return { typescript: read(".ts", typescriptExamples), python: read(".py", pythonExamples) };
}

/** The example for an entry: it is called after a function of C, or after class and method where C has none. */
export function writtenFor(
  examples: ReadonlyMap<string, Example>,
  { class: owner, name, functions }: Entry,
): Example | undefined {
  const names = [...functions.map((each) => each.name), `${owner}_${name}`];
  return names.map((each) => examples.get(each)).find((each) => each !== undefined);
}

function typescriptExamples(text: string): (readonly [string, Example])[] {
  const imports = [...text.matchAll(typescriptImport)].map(([, , names = "", from = ""]) => ({
    names: names
      .split(",")
      .map((name) => name.trim().replace(/^type /, ""))
      .filter(Boolean),
    from: from.startsWith(".") ? "tsvirt" : from,
  }));
  return [...text.matchAll(typescriptFunction)].map(([, name = "", body = ""]) => {
    const code = outdented(body, 2);
    const used = imports.flatMap(({ names, from }) => {
      const found = names.filter((each) => uses(code, each));
      return found.length === 0 ? [] : [`import { ${found.join(", ")} } from "${from}";`];
    });
    return [name, { imports: used, code, isWritten: true }] as const;
  });
}

function pythonExamples(text: string): (readonly [string, Example])[] {
  const imports = [...text.matchAll(pythonImport)].map(([line, name = ""]) => ({ line, name }));
  return [...text.matchAll(pythonFunction)].map(([, name = "", body = ""]) => {
    // Where it runs there is a daemon's own address; whoever reads it has the usual one.
    const code = outdented(body, 4).replace(/\b(open|openReadOnly)\(uri\)/g, '$1("test:///default")');
    const used = imports.filter((each) => uses(code, each.name)).map(({ line }) => line);
    return [name, { imports: used, code, isWritten: true }] as const;
  });
}

function uses(code: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(code);
}

function outdented(body: string, by: number): string {
  return body
    .split("\n")
    .map((line) => line.replace(new RegExp(`^ {${by}}`), ""))
    .join("\n")
    .trim();
}
