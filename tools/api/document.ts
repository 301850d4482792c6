/** What the API's document holds, as plain values: `api.json` is it as it is, `api.xml` the same as elements. */

/** A type on the wire. Shapes that several procedures share have a name; others stand where they are used. */
export type WireType =
  | { readonly kind: "int" | "uint" | "hyper" | "uhyper" | "bool" | "double" | "char" | "uchar" | "ushort" | "void" }
  | { readonly kind: "string" | "opaque" | "chars" | "text"; readonly max: number }
  | { readonly kind: "fixedOpaque" | "fixedText"; readonly length: number }
  | { readonly kind: "optional"; readonly of: WireType }
  | { readonly kind: "array"; readonly of: WireType; readonly max: number }
  | { readonly kind: "fixedArray"; readonly of: WireType; readonly length: number }
  | { readonly kind: "shape"; readonly name: string }
  | { readonly kind: "struct"; readonly fields: readonly WireField[] }
  | { readonly kind: "union"; readonly arms: readonly { readonly type: number; readonly of: WireType }[] }
  | { readonly kind: "enumeration"; readonly values: readonly { readonly key: string; readonly value: number }[] };

export interface WireField {
  readonly name: string;
  readonly type: WireType;
}

export interface ProgramEntry {
  readonly name: string;
  readonly number: number;
  readonly version: number;
}

export interface NumberEntry {
  readonly name: string;
  readonly value: number;
}

/** A group of constants. `strings` are macros in C, names of typed parameters; `wire` is no public API of C. */
export interface EnumEntry {
  readonly name: string;
  readonly kind: "values" | "flags" | "strings" | "errors" | "domains" | "levels" | "wire";
  /** Its type in C; null for strings. */
  readonly type: string | null;
  readonly doc: string;
  readonly values: readonly EnumValue[];
}

export interface EnumValue {
  /** Its name in C. */
  readonly name: string;
  /** Its name within the group. */
  readonly key: string;
  readonly value: number | string;
  /** The type of the typed parameter of this name, for those that functions take: `ULLONG`. */
  readonly parameter: string | null;
  /** What is printed for it before an error: `QEMU Driver`; null for all but domains of errors. */
  readonly words: string | null;
}

export interface StructureEntry {
  readonly name: string;
  readonly module: string;
  readonly since: string;
  readonly fields: readonly { readonly name: string; readonly type: string; readonly unit: string | null }[];
}

export interface CallbackEntry {
  readonly name: string;
  readonly module: string;
  readonly since: string;
  readonly returns: string;
  readonly arguments: readonly { readonly name: string; readonly type: string }[];
}

export interface ReadOnlyEntry {
  readonly rule: "allowed" | "denied" | "deniedIf";
  readonly field: string | null;
  readonly has: number | null;
  readonly is: number | null;
}

export interface AclEntry {
  readonly permission: string;
  readonly when: "always" | "anyFlag" | "noFlag" | "argument" | "each";
  readonly field: string | null;
  readonly bits: number | null;
}

export interface ProcedureEntry {
  readonly name: string;
  readonly program: string;
  readonly number: number;
  readonly family: string;
  readonly function: string;
  readonly since: string;
  readonly priority: string;
  readonly phase: string;
  readonly descriptors: string;
  readonly stream: { readonly direction: string; readonly argument: number; readonly sparseFlag: number | null } | null;
  readonly readOnly: ReadOnlyEntry;
  readonly acl: readonly AclEntry[];
  readonly arguments: readonly WireField[];
  readonly result: readonly WireField[];
}

export interface EventEntry {
  readonly name: string;
  readonly program: string;
  readonly number: number;
  readonly family: string;
  readonly since: string;
  /** What clients register for; null for what they do not register for by number. */
  readonly eventID: number | null;
  /** The key of that number in its enum. */
  readonly key: string | null;
  /** The type of the callback in C. */
  readonly callback: string | null;
  readonly hasCallbackID: boolean;
  readonly message: readonly WireField[];
}

export interface ClassEntry {
  readonly name: string;
  /** Its type in C. */
  readonly type: string;
  /** What stands for its objects on the wire; null for connections and streams. */
  readonly shape: string | null;
  readonly doc: string;
}

export type FunctionKind =
  | "call"
  | "stream"
  | "sequence"
  | "attribute"
  | "reference"
  | "connection"
  | "packets"
  | "library";

export interface ArgumentEntry {
  readonly name: string;
  readonly type: string;
  readonly direction: "in" | "out" | "inout";
  readonly role: string;
  /** The field of the procedure's arguments that it fills. */
  readonly sends: string | null;
  /** The field of the procedure's result that it takes; `*` for all, as fields of a structure. */
  readonly takes: string | null;
  /** Whether C takes NULL for it. */
  readonly nullable: boolean;
  readonly unit: string | null;
  /** The enum, by its name here, that its values or bits are of. */
  readonly enum: string | null;
  /** Of typed parameters: the group of their names. */
  readonly names: string | null;
  readonly doc: string;
}

export interface FunctionEntry {
  /** Its name in C. */
  readonly name: string;
  readonly module: string;
  readonly kind: FunctionKind;
  readonly since: string;
  /** The class whose method it is in TypeScript; null for a function of its own, or none at all. */
  readonly class: string | null;
  /** Its name in TypeScript; null where there is none. */
  readonly method: string | null;
  /** May a read-only connection call it? */
  readonly readOnly: "allowed" | "denied" | "deniedIf";
  readonly doc: string;
  readonly arguments: readonly ArgumentEntry[];
  readonly returns: { readonly type: string; readonly takes: string | null; readonly unit: string | null };
  readonly procedures: readonly string[];
  /** Fields of the procedure's arguments that no argument fills, and what stands in them. */
  readonly constants: readonly NumberEntry[];
  /** The codes of the errors that are its own; others may come of any call. */
  readonly errors: readonly string[];
  /** Why it has no procedure of its own, or several. */
  readonly reason: string | null;
}

export interface LeftOut {
  readonly kind: "function" | "macro" | "value" | "structure";
  /** A regular expression for the names. */
  readonly names: string;
  readonly reason: string;
}

export interface ApiDocument {
  readonly name: string;
  readonly version: string;
  /** The release of libvirt whose public API it holds, and of which it holds newer functions beside. */
  readonly libvirt: string;
  readonly programs: readonly ProgramEntry[];
  readonly limits: readonly NumberEntry[];
  readonly numbers: readonly NumberEntry[];
  readonly enums: readonly EnumEntry[];
  readonly structures: readonly StructureEntry[];
  readonly callbacks: readonly CallbackEntry[];
  readonly shapes: readonly { readonly name: string; readonly fields: readonly WireField[] }[];
  readonly procedures: readonly ProcedureEntry[];
  readonly events: readonly EventEntry[];
  readonly classes: readonly ClassEntry[];
  readonly commonErrors: readonly string[];
  readonly functions: readonly FunctionEntry[];
  readonly leftOut: readonly LeftOut[];
}
