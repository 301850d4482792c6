/** Questions to QEMU's description of its own protocol (query-qmp-schema). */
import { isJsonObject, type Json, type JsonObject } from "../monitor/json.ts";

/**
 * A path into the schema: a command or event, then `args`, `returns` or `data` (of an event), then any of
 *
 *     name         a member of an object
 *     <value>      the variant of a union that its tag selects with this value, or what an alternate offers
 *     =value       a value of an enumeration
 *     $feature     a feature of what stands before it
 *
 * Arrays stand for their elements. `blockdev-add/args/<nbd>/tls-hostname` asks whether an NBD node takes a host name.
 */
export type SchemaPath = string;

type Entry = JsonObject & { readonly name: string };

export class QmpSchema {
  readonly #entries = new Map<string, Entry>();

  /** @param answer what query-qmp-schema returned; anything that is no entry is left out. */
  constructor(answer: Json) {
    if (!Array.isArray(answer)) return;
    for (const entry of answer as Json[]) {
      if (isJsonObject(entry) && typeof entry.name === "string") this.#entries.set(entry.name, entry as Entry);
    }
  }

  /** Whether there is a command or event of this name. */
  hasCommand(name: string): boolean {
    return this.#entries.get(name)?.["meta-type"] === "command";
  }

  /** Whether the path leads somewhere. */
  has(path: SchemaPath): boolean {
    const [root = "", ...steps] = path.split("/");
    let at: JsonObject[] = this.#type(root);
    for (const step of steps) at = at.flatMap((entry) => this.#step(entry, step));
    return at.length > 0;
  }

  /** What lies one step further; an enumeration's value and a feature lead to an entry without contents. */
  #step(entry: JsonObject, step: string): JsonObject[] {
    if (step.startsWith("$")) return listed(entry.features, step.slice(1));
    switch (entry["meta-type"]) {
      case "command":
      case "event":
        return this.#type(step === "returns" ? entry["ret-type"] : entry["arg-type"]);
      case "array":
        return this.#type(entry["element-type"]).flatMap((element) => this.#step(element, step));
      case "object":
        return step.startsWith("<") ? this.#variant(entry, step.slice(1, -1)) : this.#member(entry, step);
      case "alternate":
        return objects(entry.members).flatMap((member) => this.#type(member.type).flatMap((t) => this.#step(t, step)));
      case "enum":
        return step.startsWith("=") ? enumValue(entry, step.slice(1)) : [];
      default:
        return [];
    }
  }

  /** A member's type; its own features stand at the member, so they go along. */
  #member(entry: JsonObject, name: string): JsonObject[] {
    return objects(entry.members)
      .filter((member) => member.name === name)
      .flatMap((member) => this.#type(member.type).map((type) => ({ ...type, features: member.features })));
  }

  #variant(entry: JsonObject, value: string): JsonObject[] {
    return objects(entry.variants)
      .filter((variant) => variant.case === value)
      .flatMap((variant) => this.#type(variant.type));
  }

  #type(name: Json | undefined): JsonObject[] {
    const entry = typeof name === "string" ? this.#entries.get(name) : undefined;
    return entry === undefined ? [] : [entry];
  }
}

function objects(list: Json | undefined): JsonObject[] {
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function listed(list: Json | undefined, value: string): JsonObject[] {
  return Array.isArray(list) && list.includes(value) ? [{}] : [];
}

/** QEMU lists an enumeration's values as names, since 6.2 also as objects with features. */
function enumValue(entry: JsonObject, value: string): JsonObject[] {
  const member = objects(entry.members).find((m) => m.name === value);
  return member === undefined ? listed(entry.values, value) : [member];
}
