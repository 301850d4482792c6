/** The document as lines of which each is a promise: programs and generators rely on it. Texts are none. */
import type { ApiDocument, ArgumentEntry, WireType } from "./document.ts";

/** A fact and what it says, for every fact of the document. */
export function promises(api: ApiDocument): Record<string, string> {
  return Object.fromEntries([
    ...api.enums.flatMap(({ name, kind, type, values }) => [
      [`enum ${name}`, `${kind} ${type ?? "no type"}`],
      ...values.map((value) => [`value ${value.name}`, `${name}.${value.key} = ${value.value}`]),
    ]),
    ...api.numbers.map(({ name, value }) => [`number ${name}`, String(value)]),
    ...api.structures.map(({ name, since, fields }) => [
      `structure ${name}`,
      `${since} { ${fields.map((field) => `${field.type} ${field.name}${field.unit === null ? "" : ` [${field.unit}]`}`).join("; ")} }`,
    ]),
    ...api.callbacks.map(({ name, since, returns, arguments: parameters }) => [
      `callback ${name}`,
      `${since} ${returns} (${parameters.map((one) => `${one.type} ${one.name}`).join(", ")})`,
    ]),
    ...api.shapes.map(({ name, fields }) => [`shape ${name}`, short({ kind: "struct", fields })]),
    ...api.classes.map(({ name, type, shape }) => [`class ${name}`, `${type} ${shape ?? "no shape"}`]),
    ...api.events.map(({ name, key, callback }) => [
      `event ${name}`,
      `${key ?? "no key"} ${callback ?? "no callback"}`,
    ]),
    ...api.functions.flatMap((entry) => {
      const { name, kind, since, module, readOnly, returns, procedures, constants } = entry;
      const fixed = constants.map((one) => ` ${one.name}=${one.value}`).join("");
      const returned = `${returns.type}${returns.takes === null ? "" : ` < ${returns.takes}`}`;
      const method = entry.method === null ? "no method" : `${entry.class ?? "index"}.${entry.method}`;
      return [
        [`function ${name}`, `${returned} (${entry.arguments.map(argument).join(", ")})`],
        [`facts ${name}`, `${kind} ${module} ${since} ${readOnly}; ${method}; ${procedures.join(" ")}${fixed}`],
      ];
    }),
  ]) as Record<string, string>;
}

function argument({ name, type, direction, role, sends, takes }: ArgumentEntry): string {
  const way = direction === "in" ? "" : `${direction} `;
  const part = role === "value" ? "" : `${role} `;
  return `${way}${part}${type} ${name}${sends === null ? "" : ` > ${sends}`}${takes === null ? "" : ` < ${takes}`}`;
}

/** A type of the wire in short. */
export function short(type: WireType): string {
  switch (type.kind) {
    case "shape":
      return type.name;
    case "struct":
      return `{${type.fields.map((field) => `${field.name}: ${short(field.type)}`).join(", ")}}`;
    case "union":
      return `union{${type.arms.map((arm) => `${arm.type}: ${short(arm.of)}`).join(", ")}}`;
    case "enumeration":
      return `enum{${type.values.map(({ key, value }) => `${key} = ${value}`).join(", ")}}`;
    case "optional":
      return `${short(type.of)}?`;
    case "array":
      return `${short(type.of)}<${type.max}>`;
    case "fixedArray":
      return `${short(type.of)}[${type.length}]`;
    default:
      return "max" in type
        ? `${type.kind}<${type.max}>`
        : "length" in type
          ? `${type.kind}[${type.length}]`
          : type.kind;
  }
}
