/** Examples in Python, made from the signatures of the package. */
import type { PythonMethod, PythonParameter } from "../model/python.ts";
import type { Entry, Reference } from "../model/reference.ts";
import { callText, type Example, isTelling, plausible, receivers } from "./example.ts";
import { resultOf } from "./typescript.ts";
import type { Value } from "./values.ts";

/** Objects that examples in TypeScript call otherwise. */
const variables = new Map(Object.values(receivers).map(({ typescript, python }) => [typescript, python]));

/** Arguments that are functions, by their names; `opaque` is whatever the program wants back. */
const callbacks: readonly (readonly [method: RegExp, parameter: RegExp, code: string])[] = [
  [/^registerCloseCallback$/, /^cb$/, 'lambda conn, reason, opaque: print("closed", reason)'],
  [/^domainEvent(Der|R)egister$/, /^cb$/, "changed"],
  [/EventRegisterAny$/, /^cb$/, "lambda conn, subject, *details: print(subject.name(), details)"],
  [/^eventAddCallback$/, /^cb$/, "lambda stream, events, opaque: print(events)"],
  [/^(registerErrorHandler|virConnSetErrorFunc)$/, /^(f|handler)$/, "lambda context, error: print(error[2])"],
  [/^(recvAll|sparseRecvAll)$/, /^handler$/, "lambda stream, data, file: file.write(data)"],
  [/^sparseRecvAll$/, /^holeHandler$/, "lambda stream, length, file: file.seek(length, 1)"],
  [/^sendAll$/, /^handler$/, "lambda stream, nbytes, file: file.read(nbytes)"],
  [/^sparseSendAll$/, /^handler$/, "lambda stream, nbytes, file: file.read(nbytes)"],
  [/^sparseSendAll$/, /^holeHandler$/, "lambda stream, file: (True, 1048576)"],
  [/^sparseSendAll$/, /^skipHandler$/, "lambda stream, length, file: file.seek(length, 1)"],
  [/^(sparse)?(Recv|Send|recv|send)All$/, /^opaque$/, "file"],
  [/./, /^(opaque|ctx|userData)$/, "None"],
  [/^openAuth$/, /^auth$/, "[[libvirt.VIR_CRED_PASSPHRASE], answer, None]"],
  [/^openAuth$/, /^uri$/, '"qemu+tcp://host.example/system"'],
  [/^open(ReadOnly)?$/, /^name$/, '"qemu:///system"'],
];

/** An example of what Python has of an entry: a call with plausible values. @throws {Error} that names a parameter without one */
export function pythonExample(reference: Reference, entry: Entry, method: PythonMethod): Example {
  const writer = new Writer(reference, entry, method);
  const values = writer.arguments();
  const owner = method.class === null ? "libvirt" : receivers[entry.class ?? ""]?.python;
  const [signature] = entry.declared.signatures;
  const isVoid = method.returns === "int" && signature !== undefined && resultOf(entry, signature, reference) === null;
  const isStream = method.parameters.some(({ hint }) => hint === "virStream");
  const isAsked = signature && method.returns !== "None" && !isVoid && !isStream;
  const result = isAsked ? resultOf(entry, signature, reference) : null;
  const name = result === null ? null : (variables.get(result) ?? snake(result));
  const head = `${name === null ? "" : `${name} = `}${owner}.${method.method}`;
  return {
    imports: writer.imports(),
    code: [...writer.before, callText(head, values, "", "")].join("\n"),
    isWritten: false,
  };
}

function snake(name: string): string {
  const words = name.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})/g, "_").toLowerCase();
  return /^(type|id|open|print|from|import|class)$/.test(words) ? `${words}_` : words;
}

class Writer {
  readonly before: string[] = [];
  readonly #imports = new Set<string>();
  readonly #reference: Reference;
  readonly #entry: Entry;
  readonly #method: PythonMethod;

  constructor(reference: Reference, entry: Entry, method: PythonMethod) {
    this.#reference = reference;
    this.#entry = entry;
    this.#method = method;
    if (/^(sparse)?(recv|send)All$/i.test(method.method)) {
      const mode = /recv/i.test(method.method) ? "wb" : "rb";
      this.before.push(`file = open("disk.raw", "${mode}")`);
    }
    if (/^domainEvent(Der|R)egister$/.test(method.method)) {
      this.before.push("def changed(conn, dom, event, detail, opaque):", "    print(dom.name(), event, detail)", "");
    }
    if (method.method === "openAuth") {
      this.before.push(
        "def answer(credentials, data):",
        "    for credential in credentials:",
        "        credential[4] = password",
        "    return 0",
        "",
      );
    }
  }

  imports(): string[] {
    const usesModule = this.#method.class === null || this.#usesModule;
    return [...this.#imports, ...(usesModule ? ["import tsvirt as libvirt"] : [])];
  }

  #usesModule = false;

  arguments(): string[] {
    const known = this.#method.parameters.map((parameter) => ({ parameter, value: this.#valueOf(parameter) }));
    const isShown = known.map(
      ({ parameter, value }) =>
        parameter.default === null || typeof value === "string" || isTelling(parameter.name, value),
    );
    return known.slice(0, isShown.lastIndexOf(true) + 1).map(({ parameter, value }, at) => {
      if (!isShown[at] && parameter.default !== null) return parameter.default;
      return this.#write(value, parameter);
    });
  }

  #valueOf(parameter: PythonParameter): Value | string | undefined {
    const { name, hint } = parameter;
    const callback = callbacks.find(([methods, names]) => methods.test(this.#method.method) && names.test(name));
    if (callback) return callback[2];
    if (hint === "virStream") {
      this.before.push(`${name} = conn.newStream()`);
      return name;
    }
    const functions = this.#entry.functions.filter((each) => each.name === this.#method.function);
    const doc = new RegExp(`^${name}: (.*)$`, "m").exec(this.#method.doc)?.[1] ?? "";
    const isTable = /^(Optional\[)?Dict\[str/.test(hint);
    if (name === "snap") return "snap";
    if (name === "doms") return "[dom]";
    if (hint === "Optional[Any]") return "None";
    return plausible(this.#reference, {
      functions,
      name: name === "frm" ? "from" : name,
      isNumber: hint === "int",
      isTable,
      doc,
    });
  }

  #write(value: Value | string | undefined, parameter: PythonParameter): string {
    const text = typeof value === "string" ? value : undefined;
    if (text !== undefined) {
      if (text.includes("libvirt.")) this.#usesModule = true;
      return text;
    }
    if (value === undefined && /^Optional\b/.test(parameter.hint)) return "None";
    if (value === undefined && parameter.name === "flags") return "0";
    if (value === undefined)
      throw new Error(`${this.#method.class}.${this.#method.method}: no example of '${parameter.name}'`);
    return this.#text(value as Value, parameter.hint);
  }

  #text(value: Value, hint: string): string {
    switch (value.is) {
      case "plain":
        return this.#plain(value.value, hint);
      case "bytes":
        return `b${JSON.stringify(value.value)}`;
      case "list":
        return `[${value.of.map((each) => this.#text(each, "")).join(", ")}]`;
      case "table":
        return `{${value.of.map(([key, each]) => `${JSON.stringify(key)}: ${this.#text(each, "")}`).join(", ")}}`;
      case "constant":
        this.#usesModule = true;
        return `libvirt.${value.name}`;
      case "variable":
        return variables.get(value.name) ?? snake(value.name);
      case "file": {
        this.#imports.add("from pathlib import Path");
        const name = snake(value.name);
        this.before.push(`${name} = Path("${value.file}").read_text()`);
        return /^(List|Sequence)/.test(hint) ? `[${name}]` : name;
      }
    }
  }

  #plain(value: string | number | boolean | null, hint: string): string {
    if (hint === "bytes" && typeof value === "string") {
      this.#imports.add("from uuid import UUID");
      return `UUID("${value}").bytes`;
    }
    if (value === null) return "None";
    if (typeof value === "boolean") return hint === "int" ? String(Number(value)) : value ? "True" : "False";
    return typeof value === "string" && value.includes('"') ? `'${value}'` : JSON.stringify(value);
  }
}
