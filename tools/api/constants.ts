/** Constants as the document writes them: by their names in C. */
import { domainWords } from "../../src/api/errors/words.ts";
import { enumNames, macroNames, wireEnums } from "../../src/protocol/c/constant-names.ts";
import * as constants from "../../src/protocol/constants/index.ts";
import { parameterTypes } from "../../src/protocol/parameter-types.ts";
import type { Comment } from "./comments.ts";
import type { EnumEntry, EnumValue } from "./document.ts";

type Group = Readonly<Record<string, number | string>>;

const kinds: Readonly<Record<string, EnumEntry["kind"]>> = {
  ErrorNumber: "errors",
  ErrorDomain: "domains",
  ErrorLevel: "levels",
};

/** Every group of constants. @throws {Error} that names a group that has no name in C */
export function enumEntries(comments: readonly Comment[]): EnumEntry[] {
  const docs = new Map(comments.map(({ name, text }) => [name, text]));
  return Object.entries(constants).flatMap(([name, group]) =>
    typeof group === "object" ? [enumEntry(name, group, docs.get(name) ?? "")] : [],
  );
}

function enumEntry(name: string, group: Group, doc: string): EnumEntry {
  const [type, prefix] = namesInC(name);
  const kind = type === null ? "strings" : name in wireEnums ? "wire" : (kinds[name] ?? kindOf(name, doc));
  const values = Object.entries(group).map(([key, value]): EnumValue => {
    // Warnings are errors of another name.
    const words = kind === "domains" ? (domainWords[key as keyof typeof domainWords] ?? null) : null;
    const own = kind === "errors" && key.startsWith("WAR_") ? "VIR_" : prefix;
    return { name: own + key, key, value, parameter: kind === "strings" ? parameterOf(value) : null, words };
  });
  return { name, kind, type, doc, values };
}

function namesInC(name: string): readonly [type: string | null, prefix: string] {
  const names = enumNames[name] ?? wireEnums[name];
  const prefix = macroNames[name];
  if (names) return names;
  if (prefix === undefined) throw new Error(`nobody knows what C calls the constants ${name}`);
  return [null, prefix];
}

/** Flags are bits, as their name or their doc comment says. */
function kindOf(name: string, doc: string): "flags" | "values" {
  return /Flags$|ModificationImpact$/.test(name) || /^Flags of|, as bits/.test(doc) ? "flags" : "values";
}

const typeNames = new Map<number, string>(
  Object.entries(constants.TypedParameterType).map(([key, value]) => [value, key]),
);

function parameterOf(name: string | number): string | null {
  const type = parameterTypes.get(String(name));
  return type === undefined ? null : (typeNames.get(type) ?? null);
}
