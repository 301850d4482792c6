/** The API as the pages show it: for each class its methods, with what C, TypeScript and Python have of each. */
import { withoutBinding } from "../../../src/api/names.ts";
import type { ApiDocument, ArgumentEntry, ClassEntry, EnumEntry, FunctionEntry } from "../../api/document.ts";
import type { Declarations, DeclaredMethod } from "./declarations.ts";
import type { PythonMethod, PythonPackage } from "./python.ts";

/** A method of a class, or a function of the package. */
export interface Entry {
  readonly name: string;
  /** Null for a function. */
  readonly class: string | null;
  readonly declared: DeclaredMethod;
  /** The functions of C that it stands for; none for what only TypeScript has. */
  readonly functions: readonly FunctionEntry[];
  readonly python: readonly PythonMethod[];
  /** Why Python has none; null where it has, or where C has none either. */
  readonly withoutPython: string | null;
}

export interface ClassReference {
  readonly class: ClassEntry;
  readonly entries: readonly Entry[];
}

/** A function of C that TypeScript does without. */
export interface Unbound {
  readonly function: FunctionEntry;
  readonly reason: string;
  readonly python: readonly PythonMethod[];
}

export interface Reference {
  readonly api: ApiDocument;
  readonly declarations: Declarations;
  readonly classes: readonly ClassReference[];
  readonly functions: readonly Entry[];
  readonly unbound: readonly Unbound[];
  readonly enums: ReadonlyMap<string, EnumEntry>;
}

/** Joins the three descriptions. @throws {Error} that names what one of them lacks */
export function referenceOf(api: ApiDocument, declarations: Declarations, python: PythonPackage): Reference {
  const joined = new Join(api, declarations, python);
  return {
    api,
    declarations,
    classes: api.classes.map((each) => ({ class: each, entries: joined.entriesOf(each.name) })),
    functions: declarations.functions.map((declared) => joined.entry(null, declared)),
    unbound: joined.unbound(),
    enums: new Map(api.enums.map((each) => [each.name, each])),
  };
}

/** Parts of libvirt that are modules of their own in Python too. */
const otherModules: Readonly<Record<string, string>> = {
  "libvirt-admin": "the administration of daemons",
  "libvirt-qemu": "what only QEMU has",
  "libvirt-lxc": "what only LXC has",
};

class Join {
  readonly #api: ApiDocument;
  readonly #declarations: Declarations;
  readonly #python: PythonPackage;

  constructor(api: ApiDocument, declarations: Declarations, python: PythonPackage) {
    this.#api = api;
    this.#declarations = declarations;
    this.#python = python;
  }

  entriesOf(name: string): Entry[] {
    const declared = this.#declarations.classes.get(name);
    if (!declared) throw new Error(`TypeScript exports no class ${name}`);
    const names = new Set(declared.map((method) => method.name));
    const lacking = this.#api.functions.find((each) => each.class === name && each.method && !names.has(each.method));
    if (lacking) throw new Error(`${name} has no method ${lacking.method} for ${lacking.name}`);
    return declared.map((method) => this.entry(name, method));
  }

  entry(owner: string | null, declared: DeclaredMethod): Entry {
    const functions = this.#api.functions.filter((each) => each.class === owner && each.method === declared.name);
    const python = functions.flatMap((each) => this.#pythonOf(each));
    const [first] = functions;
    const withoutPython = first && python.length === 0 ? this.#withoutPython(first) : null;
    return { name: declared.name, class: owner, declared, functions, python, withoutPython };
  }

  unbound(): Unbound[] {
    return this.#api.functions
      .filter(({ method }) => method === null)
      .map((each) => {
        const reason = withoutBinding.find(([names]) => names.test(each.name))?.[1];
        if (reason === undefined) throw new Error(`nobody says why TypeScript has no ${each.name}`);
        return { function: each, reason, python: this.#pythonOf(each) };
      });
  }

  #pythonOf({ name }: FunctionEntry): PythonMethod[] {
    return this.#python.methods.filter((method) => method.function === name);
  }

  #withoutPython({ name, module }: FunctionEntry): string {
    const other = otherModules[module];
    const reason = this.#python.leftOut[name] ?? (other && `the Python package has no module for ${other}`);
    if (reason === undefined) throw new Error(`nobody says why Python has no ${name}`);
    return reason;
  }
}

/** The argument in C that a parameter of a method is. */
export function argumentOf(functions: readonly FunctionEntry[], parameter: string): ArgumentEntry | undefined {
  const plain = (name: string) => name.toLowerCase().replace(/_|(?<=.)str$/g, "");
  const all = functions.flatMap((each) => each.arguments);
  return (
    all.find(({ name }) => name === parameter) ??
    all.find(({ sends }) => sends === parameter) ??
    all.find(({ name }) => plain(name) === plain(parameter))
  );
}
