/** Reads the doc comments of the sources: what they say of each function of C, and of each name. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a doc comment says. */
export interface Comment {
  /** What it stands before: a class, a method, a constant. */
  readonly name: string;
  /** What it says, on one line, without the functions of C and their releases. */
  readonly text: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** The functions of C that it says it stands for. */
  readonly functions: readonly string[];
}

/** Every doc comment of the sources in a folder, but for tests. */
export function commentsIn(folder: string): Comment[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return files
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .flatMap((file) => comments(readFileSync(join(folder, file), "utf8")));
}

const documented =
  /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s+(?:export |declare |abstract |static |override |readonly |async |const |class |interface |function )*\*?"?([\w-]+)/g;

/** Every doc comment of a text that stands before a name. */
export function comments(text: string): Comment[] {
  return [...text.matchAll(documented)].map(([, body = "", name = ""]) => read(name, body));
}

function read(name: string, body: string): Comment {
  const lines = body.split("\n").map((line) => line.replace(/^\s*\* ?/, "").trim());
  const whole = lines.join("\n").trim();
  const [main = "", ...tags] = whole.split(/\n(?=@\w)|^(?=@\w)/);
  const parameters = new Map<string, string>();
  for (const tag of tags) {
    const [, parameter = "", said = ""] = /^@param (\w+)\s+([\s\S]*)$/.exec(tag) ?? [];
    if (parameter !== "") parameters.set(parameter, plain(said));
  }
  const oneLine = plain(main);
  return { name, text: withoutFunctions(oneLine), parameters, functions: functionsOf(oneLine) };
}

/** Text on one line; links are the names they lead to. */
function plain(text: string): string {
  return text
    .replace(/\{@link (?:[^}|\s]+\|)?([^}]+)\}/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

const inBrackets = /\s*\((?=[^()]*`vir\w+`)([^()]*since [\d.]+[^()]*)\)/g;

function functionsOf(text: string): string[] {
  const named = [...text.matchAll(inBrackets)].flatMap(([, inside = ""]) => [...inside.matchAll(/`(vir\w+)`/g)]);
  return named.map(([, name = ""]) => name);
}

function withoutFunctions(text: string): string {
  return text.replace(inBrackets, "");
}
