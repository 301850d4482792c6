/** Reads declarations of C functions and structures, the way C writes them. */

/** A value with its name and its type in C. */
export interface Declared {
  readonly name: string;
  /** With one space before stars: `const char *`; an array of characters is `char[32]`. */
  readonly type: string;
}

/** A field of a structure. */
export interface DeclaredField extends Declared {
  /** What a number counts: `KiB`, `ns`; null for what has no unit. */
  readonly unit: string | null;
}

/** A function, or the type of a function that programs hand in. */
export interface DeclaredFunction {
  readonly name: string;
  /** The header it stands in, without its ending. */
  readonly module: string;
  readonly arguments: readonly Declared[];
  readonly returns: string;
  /** The release it came with; null where its procedure says so. */
  readonly since: string | null;
}

/** A structure whose fields are public. */
export interface DeclaredStructure {
  readonly name: string;
  readonly module: string;
  readonly fields: readonly DeclaredField[];
  readonly since: string;
}

/** What one header declares. */
export interface Header {
  readonly functions: readonly DeclaredFunction[];
  readonly callbacks: readonly DeclaredFunction[];
  readonly structures: readonly DeclaredStructure[];
}

/** The declarations of a header as text: functions, types of functions, structures. A release follows `since`. */
export interface HeaderText {
  readonly functions?: string;
  readonly callbacks?: string;
  readonly structures?: string;
}

/** Reads a header. @throws {SyntaxError} for what is none */
export function header(module: string, { functions = "", callbacks = "", structures = "" }: HeaderText): Header {
  return {
    functions: statements(functions).map((text) => readFunction(module, text)),
    callbacks: statements(callbacks).map((text) => readFunction(module, text)),
    structures: structureTexts(structures).map((text) => readStructure(module, text)),
  };
}

function statements(text: string): string[] {
  const parts = text.replace(/\s+/g, " ").split(";");
  const rest = parts.pop()?.trim();
  if (rest) throw new SyntaxError(`'${rest}' does not end with a semicolon`);
  return parts.map((part) => part.trim());
}

function readFunction(module: string, text: string): DeclaredFunction {
  const [, start = "", list = "", since = null] =
    /^([^()]+)\(([^()]*)\)(?: since ([\d.]+))?$/.exec(text) ?? fail("function", text);
  const { name, type } = readDeclared(start);
  const declared = list === "void" ? [] : list.split(",").map(readDeclared);
  return { name, module, arguments: declared, returns: type, since };
}

/** `const char *name`, `char model[32]`. */
function readDeclared(text: string): Declared {
  const [, type = "", name = "", length = ""] =
    /^(.*(?:\*| ))(\w+)(\[\w+\])?$/.exec(text.trim()) ?? fail("declaration", text);
  return { name, type: type.trim() + length };
}

function structureTexts(text: string): string[] {
  return text
    .replace(/\s+/g, " ")
    .split(/(?<=since [\d.]+);/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function readStructure(module: string, text: string): DeclaredStructure {
  const [, name = "", body = "", since = ""] =
    /^(\w+) \{ (.*) \} since ([\d.]+)$/.exec(text) ?? fail("structure", text);
  return { name, module, fields: statements(body).map(readField), since };
}

/** `unsigned long memory [KiB]`: the unit stands behind. */
function readField(text: string): DeclaredField {
  const [, declared = "", unit = null] = /^(.*?)(?: \[([\w/ ]+)\])?$/.exec(text) ?? fail("field", text);
  return { ...readDeclared(declared), unit };
}

function fail(what: string, text: string): never {
  throw new SyntaxError(`'${text}' is no ${what} of C`);
}
