/** The document as XML. */
import type { ApiDocument, EventEntry, FunctionEntry, ProcedureEntry, WireField, WireType } from "./document.ts";

type Value = string | number | boolean | null;

/** An element: its name, its attributes, of which those that are null are left out, and what it holds. */
interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly content: readonly Element[] | string;
}

function el(
  name: string,
  attributes: Readonly<Record<string, Value>>,
  content: readonly Element[] | string = [],
): Element {
  return { name, attributes, content };
}

const doc = (text: string): Element[] => (text === "" ? [] : [el("doc", {}, text)]);

/** The document as the text of an XML file; `api.rng` is its schema. */
export function toXml(api: ApiDocument): string {
  const root = el("api", { name: api.name, version: api.version, libvirt: api.libvirt }, [
    list("programs", api.programs, (entry) => el("program", { ...entry })),
    list("limits", api.limits, (entry) => el("limit", { ...entry })),
    list("numbers", api.numbers, (entry) => el("number", { ...entry })),
    list("enums", api.enums, ({ doc: text, values, ...rest }) =>
      el("enum", rest, [...doc(text), ...values.map((value) => el("value", { ...value }))]),
    ),
    list("structures", api.structures, ({ fields, ...rest }) =>
      el(
        "structure",
        rest,
        fields.map((field) => el("member", { ...field })),
      ),
    ),
    list("callbacks", api.callbacks, ({ arguments: parameters, ...rest }) =>
      el(
        "callback",
        rest,
        parameters.map((parameter) => el("parameter", { ...parameter })),
      ),
    ),
    list("shapes", api.shapes, ({ name, fields }) => el("shape", { name }, fields.map(field))),
    list("procedures", api.procedures, procedure),
    list("events", api.events, event),
    list("classes", api.classes, ({ doc: text, ...rest }) => el("class", rest, doc(text))),
    list("commonErrors", api.commonErrors, (code) => el("error", { code })),
    list("functions", api.functions, functionElement),
    list("leftOut", api.leftOut, (entry) => el("left", { ...entry })),
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, "")}`;
}

function list<T>(name: string, entries: readonly T[], one: (entry: T) => Element): Element {
  return el(name, {}, entries.map(one));
}

function field({ name, type }: WireField): Element {
  return el("field", { name }, [wire(type)]);
}

function wire(type: WireType): Element {
  switch (type.kind) {
    case "string":
    case "opaque":
    case "chars":
    case "text":
      return el(type.kind, { max: type.max });
    case "fixedOpaque":
    case "fixedText":
      return el(type.kind, { length: type.length });
    case "optional":
      return el("optional", {}, [wire(type.of)]);
    case "array":
      return el("array", { max: type.max }, [wire(type.of)]);
    case "fixedArray":
      return el("fixedArray", { length: type.length }, [wire(type.of)]);
    case "shape":
      return el("shape", { name: type.name });
    case "struct":
      return el("struct", {}, type.fields.map(field));
    case "union":
      return el(
        "union",
        {},
        type.arms.map((arm) => el("arm", { type: arm.type }, [wire(arm.of)])),
      );
    case "enumeration":
      return el(
        "enumeration",
        {},
        type.values.map((value) => el("value", { ...value })),
      );
    default:
      return el(type.kind, {});
  }
}

function procedure({ stream, readOnly, acl, arguments: fields, result, ...rest }: ProcedureEntry): Element {
  return el("procedure", rest, [
    ...(stream ? [el("opens", { ...stream })] : []),
    el("readOnly", { ...readOnly }),
    ...acl.map((rule) =>
      el("permission", { name: rule.permission, when: rule.when, field: rule.field, bits: rule.bits }),
    ),
    el("arguments", {}, fields.map(field)),
    el("result", {}, result.map(field)),
  ]);
}

function event({ message, ...rest }: EventEntry): Element {
  return el("event", rest, [el("message", {}, message.map(field))]);
}

function functionElement(entry: FunctionEntry): Element {
  const { doc: text, arguments: declared, returns, procedures, constants, errors, ...rest } = entry;
  return el("function", rest, [
    ...doc(text),
    ...declared.map(({ doc: said, ...attributes }) => el("argument", attributes, doc(said))),
    el("returns", { ...returns }),
    ...procedures.map((name) => el("calls", { procedure: name })),
    ...constants.map(({ name, value }) => el("constant", { field: name, value })),
    ...errors.map((code) => el("error", { code })),
  ]);
}

function written({ name, attributes, content }: Element, indent: string): string {
  const start = `${indent}<${name}${Object.entries(attributes).map(attribute).join("")}`;
  if (content.length === 0) return `${start}/>\n`;
  if (typeof content === "string") return `${start}>${escaped(content)}</${name}>\n`;
  return `${start}>\n${content.map((child) => written(child, `${indent} `)).join("")}${indent}</${name}>\n`;
}

function attribute([name, value]: [string, Value]): string {
  if (value === null || value === false) return "";
  return ` ${name}="${escaped(value === true ? "yes" : String(value)).replace(/"/g, "&quot;")}"`;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
