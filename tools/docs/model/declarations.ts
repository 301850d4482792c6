/** The public TypeScript declarations, as the compiler itself understands them. */
import { join } from "node:path";
import { type ParameterDeclaration, SyntaxKind } from "typescript/unstable/ast";
import {
  API,
  type Checker,
  NodeBuilderFlags,
  type Project,
  SymbolFlags,
  type Signature as TsSignature,
  type Symbol as TsSymbol,
  type Type,
} from "typescript/unstable/sync";

/** What stands in the public declarations of `src/api/index.ts`. */
export interface Declarations {
  readonly classes: ReadonlyMap<string, readonly DeclaredMethod[]>;
  readonly functions: readonly DeclaredMethod[];
  readonly types: readonly DeclaredType[];
  readonly events: readonly DeclaredEvent[];
  /** Every name that the package exports. */
  readonly exports: ReadonlySet<string>;
}

/** A method, or a function. An overloaded one has several signatures. */
export interface DeclaredMethod {
  readonly name: string;
  /** Its doc comment, in Markdown. */
  readonly doc: string;
  readonly signatures: readonly Signature[];
  /** The functions of C that its doc comment names as its own. */
  readonly functions: readonly string[];
  readonly isProperty: boolean;
  /** The class that declares it, which is the object's own or one that it extends; null for functions. */
  readonly part: { readonly name: string; readonly doc: string } | null;
}

export interface Signature {
  readonly typeParameters: string;
  readonly parameters: readonly Parameter[];
  readonly returns: string;
}

export interface Parameter {
  readonly name: string;
  readonly type: string;
  /** As it stands in the source; null where the parameter must be given, or may be left out without one. */
  readonly initial: string | null;
  readonly isOptional: boolean;
  readonly isRest: boolean;
  readonly doc: string;
}

/** An exported interface, alias or class that is no class of objects. */
export interface DeclaredType {
  readonly name: string;
  readonly doc: string;
  /** What an alias stands for; null for what has members. */
  readonly alias: string | null;
  readonly members: readonly DeclaredMember[];
}

export interface DeclaredMember {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
  readonly isOptional: boolean;
}

/** A type of event: its own fields, without what all of its kind have. */
export interface DeclaredEvent {
  readonly type: string;
  readonly doc: string;
  readonly members: readonly DeclaredMember[];
}

/** Reads the declarations of a project. `isObject` says which classes have pages of their own. */
export function readDeclarations(project: string, isObject: (name: string) => boolean): Declarations {
  const api = new API({ cwd: project });
  try {
    const snapshot = api.updateSnapshot({ openProject: join(project, "tsconfig.json") });
    const [opened] = snapshot.getProjects();
    if (!opened) throw new Error("the compiler knows no project");
    return new Reader(opened, isObject).read(join(project, "src", "api", "index.ts"));
  } finally {
    api.close();
  }
}

class Reader {
  readonly #project: Project;
  readonly #checker: Checker;
  readonly #isObject: (name: string) => boolean;

  constructor(project: Project, isObject: (name: string) => boolean) {
    this.#project = project;
    this.#checker = project.checker;
    this.#isObject = isObject;
  }

  read(entry: string): Declarations {
    const classes = new Map<string, readonly DeclaredMethod[]>();
    const functions: DeclaredMethod[] = [];
    const types: DeclaredType[] = [];
    const exported = this.#exportsOf(entry);
    for (const each of exported) {
      const symbol = this.#real(each);
      if (this.#isObject(each.name)) classes.set(each.name, this.#methods(symbol));
      else if (symbol.flags & SymbolFlags.Function) functions.push(this.#method(symbol));
      // Constants have a type of the same name, and are described with the constants of C.
      else if (!(symbol.flags & SymbolFlags.Variable)) types.push(this.#type(each.name, symbol));
      else if (this.#signaturesOf(symbol).length > 0) functions.push(this.#method(symbol));
    }
    const events = this.#events(entry.replace("index.ts", "events/kinds.ts"));
    return { classes, functions, types, events, exports: new Set(exported.map(({ name }) => name)) };
  }

  /** The tables of events of each kind of object: each event tells what its function makes of the message. */
  #events(path: string): DeclaredEvent[] {
    return this.#exportsOf(path)
      .filter(({ name }) => /^\w+Events$/.test(name))
      .flatMap((table) => this.#propertiesOf(this.#checker.getTypeOfSymbol(table)))
      .map((event) => {
        const tell = this.#propertiesOf(this.#checker.getTypeOfSymbol(event)).find(({ name }) => name === "tell");
        const signature = tell && this.#signaturesOf(tell)[0];
        const told = signature && this.#checker.getReturnTypeOfSignature(signature);
        const doc = event.getDocumentationComment(this.#checker);
        return { type: event.name, doc, members: this.#propertiesOf(told).map((each) => this.#member(each)) };
      });
  }

  #exportsOf(path: string): readonly TsSymbol[] {
    const file = this.#project.program.getSourceFile(path);
    const module = file && this.#checker.getSymbolAtLocation(file);
    if (!module) throw new Error(`the compiler does not know ${path}`);
    return this.#checker.getExportsOfModule(module);
  }

  #propertiesOf(type: Type | undefined): readonly TsSymbol[] {
    return type ? this.#checker.getPropertiesOfType(type) : [];
  }

  #real(symbol: TsSymbol): TsSymbol {
    return symbol.flags & SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  /** The public methods of a class in the order of the source, inherited ones too, but for those that it has from Node. */
  #methods(symbol: TsSymbol): DeclaredMethod[] {
    const type = this.#checker.getDeclaredTypeOfSymbol(symbol);
    return this.#checker
      .getPropertiesOfType(type)
      .filter((property) => this.#isPublic(property))
      .map((property) => ({ method: this.#method(property), at: property.valueDeclaration?.index ?? 0 }))
      .sort((a, b) => (a.method.part?.name === b.method.part?.name ? a.at - b.at : 0))
      .map(({ method }) => method);
  }

  #isPublic(symbol: TsSymbol): boolean {
    const { valueDeclaration } = symbol;
    if (valueDeclaration === undefined || !/\/src\//.test(valueDeclaration.path)) return false;
    if (!/^[a-z]\w*$/i.test(symbol.name)) return false;
    const text = valueDeclaration.resolve(this.#project)?.getText() ?? "";
    return (
      !/^(?:abstract |override |static |readonly |async )*(private|protected)\b/.test(text) && !this.#isInternal(symbol)
    );
  }

  #isInternal(symbol: TsSymbol): boolean {
    const tags = symbol.getJsDocTags(this.#checker);
    return tags.some(({ name }) => name === "internal");
  }

  #method(symbol: TsSymbol): DeclaredMethod {
    const text = symbol.getDocumentationComment(this.#checker);
    const parameters = new Map<string, string>();
    for (const { name, text: said } of symbol.getJsDocTags(this.#checker)) {
      const [, of = "", doc = ""] = /^(\w+)\s+(?:-\s+)?([\s\S]*)$/.exec(String(said ?? "")) ?? [];
      if (name === "param") parameters.set(of, doc);
    }
    const declared = this.#signaturesOf(symbol);
    return {
      name: symbol.name,
      doc: text,
      signatures: declared.map((signature) => this.#signature(signature, parameters)),
      functions: functionsIn(text),
      isProperty: declared.length === 0,
      part: this.#partOf(symbol),
    };
  }

  #partOf(symbol: TsSymbol): DeclaredMethod["part"] {
    const parent = symbol.getParent();
    if (!parent || !(parent.flags & SymbolFlags.Class)) return null;
    return { name: parent.name, doc: parent.getDocumentationComment(this.#checker) };
  }

  #signaturesOf(symbol: TsSymbol): readonly TsSignature[] {
    const type = this.#checker.getTypeOfSymbol(symbol);
    return type ? this.#checker.getSignaturesOfType(type, 0) : [];
  }

  #signature(signature: TsSignature, docs: ReadonlyMap<string, string>): Signature {
    const node = signature.declaration?.resolve(this.#project) as unknown as FunctionNode | undefined;
    const returned = this.#checker.getReturnTypeOfSignature(signature);
    const flags = NodeBuilderFlags.NoTruncation | NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope;
    return {
      typeParameters: (node?.typeParameters ?? []).map((each) => each.getText()).join(", "),
      parameters: (node?.parameters ?? []).map((each) => this.#parameter(each, docs)),
      returns: node?.type?.getText() ?? (returned ? this.#checker.typeToString(returned, undefined, flags) : "void"),
    };
  }

  #parameter(node: ParameterDeclaration, docs: ReadonlyMap<string, string>): Parameter {
    const name = node.name.getText();
    const type = this.#checker.getTypeAtLocation(node);
    return {
      name,
      type: node.type?.getText() ?? (type ? this.#checker.typeToString(type) : "unknown"),
      initial: node.initializer?.getText() ?? null,
      isOptional: node.initializer !== undefined || node.questionToken !== undefined,
      isRest: node.dotDotDotToken !== undefined,
      doc: docs.get(name) ?? "",
    };
  }

  #type(name: string, symbol: TsSymbol): DeclaredType {
    const doc = symbol.getDocumentationComment(this.#checker);
    const [declaration] = symbol.declarations;
    const node = declaration?.resolve(this.#project) as unknown as {
      readonly kind: SyntaxKind;
      readonly type?: { getText(): string };
    };
    const alias = node?.kind === SyntaxKind.TypeAliasDeclaration ? (node.type?.getText() ?? null) : null;
    return { name, doc, alias, members: alias === null ? this.#members(symbol) : [] };
  }

  #members(symbol: TsSymbol): DeclaredMember[] {
    const type = this.#checker.getDeclaredTypeOfSymbol(symbol);
    const properties = this.#checker.getPropertiesOfType(type);
    return properties.filter((property) => this.#isPublic(property)).map((property) => this.#member(property));
  }

  #member(symbol: TsSymbol): DeclaredMember {
    const type = this.#checker.getTypeOfSymbol(symbol);
    const node = symbol.valueDeclaration?.resolve(this.#project) as unknown as {
      readonly type?: { getText(): string };
      readonly parameters?: unknown;
    };
    const isMethod = node?.parameters !== undefined;
    return {
      name: symbol.name,
      type: (isMethod ? undefined : node?.type?.getText()) ?? (type ? this.#checker.typeToString(type) : "unknown"),
      doc: symbol.getDocumentationComment(this.#checker),
      isOptional: (symbol.flags & SymbolFlags.Optional) !== 0,
    };
  }
}

interface FunctionNode {
  readonly parameters: readonly ParameterDeclaration[];
  readonly typeParameters?: readonly { getText(): string }[];
  readonly type?: { getText(): string };
}

/** The functions of C that a doc comment names, each with the release it came in. */
function functionsIn(doc: string): string[] {
  return [...doc.matchAll(/`(vir\w+)`(?:, `vir\w+`)*(?=[^()`]*(?:since [\d.]+|and its like))/g)].map(
    ([, name = ""]) => name,
  );
}
