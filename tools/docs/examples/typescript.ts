/** Examples in TypeScript, made from the declarations. */
import { eventTypes } from "../../../src/api/events/kinds.ts";
import type { Parameter, Signature } from "../model/declarations.ts";
import type { Entry, Reference } from "../model/reference.ts";
import { callText, type Example, isTelling, plausible, receivers } from "./example.ts";
import type { Value } from "./values.ts";

/** Functions that programs hand in, by the type of the parameter. */
const callbacks: readonly (readonly [type: RegExp, code: string])[] = [
  [/^EventCallback\b/, "(subject, details) => console.log(subject, details)"],
  [/^LifecycleCallback$/, "(domain, event, detail) => console.log(domain.name(), event, detail)"],
  [/^QemuMonitorEventCallback$/, "(domain, { event, details }) => console.log(domain.name(), event, details)"],
  [/^CloseCallback$/, '(reason) => console.log("closed", reason)'],
  [/^ErrorHandler\b/, "(error) => console.error(error.message)"],
  [/^\(data: Uint8Array\) =>/, "(data) => console.log(data.byteLength)"],
  [/^AsyncIterable<StreamChunk>/, 'createReadStream("disk.raw")'],
];

/** Arguments of functions that have none in C. */
const own: Readonly<Record<string, string>> = {
  "isLibvirtError value": "error",
  "isLibvirtError codes": '"NO_DOMAIN"',
  "formatError error": "error",
  "defaultErrorFunc error": "error",
  "open uri": '"qemu:///system"',
  "openReadOnly uri": '"qemu:///system"',
  "openAuth uri": '"qemu+tcp://host.example/system"',
  "openAuth auth": "{ credentialTypes: [ConnectCredentialType.PASSPHRASE], answer: () => [password] }",
  "openAdmin uri": '"libvirtd:///system"',
  "registerDriver module": "demo",
};

/** An example of a method: a call with plausible values. @throws {Error} that names a parameter without one */
export function typescriptExample(reference: Reference, entry: Entry): Example {
  const { declared, name } = entry;
  const special = eventExample(entry);
  if (special) return { imports: [], code: special, isWritten: false };
  const [signature] = declared.signatures;
  if (!signature) throw new Error(`${entry.class}.${name} is no method`);
  const written = new Writer(reference, entry);
  const values = written.arguments(signature);
  const receiver = entry.class === null ? "" : `${receivers[entry.class]?.typescript}.`;
  const awaits = signature.returns.startsWith("Promise<") ? "await " : "";
  const variable = resultOf(entry, signature, reference);
  const head = `${variable === null ? "" : `const ${variable} = `}${awaits}${receiver}${name}`;
  return {
    imports: written.imports(),
    code: [...written.before, callText(head, values, ";", ",")].join("\n"),
    isWritten: false,
  };
}

/** Event streams are for loops. */
function eventExample({ class: owner, name, functions }: Entry): string | null {
  if (functions.length > 0 || owner === null || (name !== "events" && name !== "on")) return null;
  const receiver = receivers[owner]?.typescript;
  const kind = owner === "Connection" ? "domain" : owner.charAt(0).toLowerCase() + owner.slice(1);
  const type = eventTypes.find((each) => each.kind === kind)?.type;
  if (name === "on")
    return `const listener = ${receiver}.on("${type}", (event) => console.log(event));\nawait listener.close();`;
  return `for await (const event of ${receiver}.events({ types: ["${type}"] })) {\n  console.log(event.type);\n}`;
}

/** What the result is called: by its class, else by the method. */
export function resultOf({ name, class: owner }: Entry, { returns }: Signature, reference: Reference): string | null {
  const type = /^Promise<(.*)>$/s.exec(returns)?.[1] ?? returns;
  if (type === "void") return null;
  const one = receivers[type.replace(/ \| null$/, "")]?.typescript;
  const many = /^(?:readonly )?(\w+)\[\]$/.exec(type)?.[1];
  const of = many && reference.declarations.classes.has(many) ? receivers[many]?.typescript : undefined;
  const found = called[name] ?? one ?? (of && plural(of)) ?? camel(name);
  if (/EventRegister(Any)?$/.test(name)) return "callbackID";
  if (owner === null) return found === name ? "result" : found;
  return found === receivers[owner]?.typescript ? `other${capital(found)}` : found;
}

/** What some methods give, where their name says what they do. */
const called: Readonly<Record<string, string>> = {
  allocPages: "allocated",
  compareCPU: "comparison",
  compareHypervisorCPU: "comparison",
  createXMLFrom: "copy",
  memoryPeek: "bytes",
  blockPeek: "bytes",
  recv: "data",
  send: "sent",
  toJSON: "json",
};

function plural(name: string): string {
  return name === "iface" ? "interfaces" : name === "binding" ? "bindings" : `${name}s`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function camel(name: string): string {
  const bare = name.replace(/^(get|listAll|list|\w+Get)(?=[A-Z])/, "");
  return bare.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (first) => first.toLowerCase());
}

class Writer {
  readonly before: string[] = [];
  readonly #reference: Reference;
  readonly #entry: Entry;
  readonly #constants = new Set<string>();
  readonly #node = new Set<string>();

  constructor(reference: Reference, entry: Entry) {
    this.#reference = reference;
    this.#entry = entry;
  }

  imports(): string[] {
    // Functions are imported; methods come with their objects.
    const { class: owner, name } = this.#entry;
    const names = [...this.#constants, ...(owner === null ? [name] : [])].sort();
    const library = names.length === 0 ? [] : [`import { ${names.join(", ")} } from "tsvirt";`];
    return [...this.#node, ...library];
  }

  arguments({ parameters }: Signature): string[] {
    const asked = parameters.filter(({ name, type }) => !/^_?options$/.test(name) || !/Options$/.test(type));
    const known = asked.map((parameter) => ({ parameter, value: this.#valueOf(parameter) }));
    const isShown = known.map(({ parameter: { name, type, isOptional }, value }) => {
      const isText = typeof value === "string" || (value?.is === "file" && /\[\]$/.test(type));
      return !isOptional || isText || isTelling(name, value);
    });
    return known.slice(0, isShown.lastIndexOf(true) + 1).map(({ parameter, value }, at) => {
      // What may be left out in the middle stands there with its default.
      if (!isShown[at] && parameter.initial !== null) return parameter.initial;
      return this.#write(value, parameter);
    });
  }

  #valueOf(parameter: Parameter): Value | string | undefined {
    const { name, type, doc } = parameter;
    // The object that events are about may be left open: then they are of all.
    if (this.#reference.declarations.classes.has(type.replace(/ \| null$/, "")) && / \| null$/.test(type))
      return "null";
    const special = own[`${this.#entry.name} ${name}`];
    if (special !== undefined) {
      if (special.includes("ConnectCredentialType")) this.#constants.add("ConnectCredentialType");
      return special;
    }
    const callback = callbacks.find(([types]) => types.test(type));
    if (callback) {
      if (callback[1].startsWith("createReadStream")) this.#node.add('import { createReadStream } from "node:fs";');
      return callback[1];
    }
    const { functions } = this.#entry;
    const isNumber = /^(number|Integer|Id)$/.test(type);
    const field = type.startsWith("{") ? "time" : name;
    return plausible(this.#reference, { functions, name: field, isNumber, isTable: type === "ParametersInput", doc });
  }

  #write(value: Value | string | undefined, parameter: Parameter): string {
    if (typeof value === "string") return value;
    // An object of the family that an event is about may be null: for all of them.
    if (value === undefined && / \| null$/.test(parameter.type)) return "null";
    if (value === undefined && parameter.name === "flags") return "0";
    if (value === undefined)
      throw new Error(`${this.#entry.class}.${this.#entry.name}: no example of '${parameter.name}'`);
    return this.#text(value, parameter.type);
  }

  #text(value: Value, type: string): string {
    switch (value.is) {
      case "plain":
        return quoted(value.value);
      case "bytes":
        return `Buffer.from(${JSON.stringify(value.value)})`;
      case "list":
        return `[${value.of.map((each) => this.#text(each, "")).join(", ")}]`;
      case "table":
        return `{ ${value.of.map(([key, each]) => `${keyText(key)}: ${this.#text(each, "")}`).join(", ")} }`;
      case "constant":
        this.#constants.add(value.enum);
        return `${value.enum}.${value.key}`;
      case "variable":
        return value.name;
      case "file":
        this.#node.add('import { readFile } from "node:fs/promises";');
        this.before.push(`const ${value.name} = await readFile("${value.file}", "utf8");`);
        return /\[\]$/.test(type) ? `[${value.name}]` : value.name;
    }
  }
}

function quoted(value: string | number | boolean | null): string {
  return typeof value === "string" && value.includes('"') ? `'${value}'` : JSON.stringify(value);
}

function keyText(key: string | number): string {
  return typeof key === "number" || /^[a-z_]\w*$/i.test(key) ? String(key) : JSON.stringify(key);
}
