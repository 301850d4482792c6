/** XPath 1.0 expressions, compiled to functions. */
import type { DocumentNodes, Node, Value } from "./nodes.ts";
import { type Comparison, compare, isNodes, toBoolean, toNumber, toText } from "./values.ts";

export interface Scope {
  readonly nodes: DocumentNodes;
  readonly node: Node;
  readonly position: number;
  readonly size: number;
}

export type Expression = (scope: Scope) => Value;

/** What is wrong with an expression. */
export class XPathError extends Error {}

const tokenPattern =
  /\s*(?:("[^"]*"|'[^']*')|([0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(\/\/|::|\.\.|!=|<=|>=|[/@.()[\],|=<>*+-])|([A-Za-z_][\w.-]*(?::(?:[A-Za-z_][\w.-]*|\*))?))/uy;

interface Token {
  readonly kind: "literal" | "number" | "symbol" | "name" | "end";
  readonly text: string;
}

const maxLength = 10_000;
const maxDepth = 100;

function tokenize(source: string): Token[] {
  if (source.length > maxLength) throw new XPathError("expression is too long");
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (source.slice(tokenPattern.lastIndex).trim() !== "") {
    const match = tokenPattern.exec(source);
    if (match === null) throw new XPathError("Invalid expression");
    const [, literal, number, symbol, name] = match;
    if (literal !== undefined) tokens.push({ kind: "literal", text: literal.slice(1, -1) });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol });
    else tokens.push({ kind: "name", text: name as string });
  }
  return [...tokens, { kind: "end", text: "" }];
}

/** @throws {XPathError} */
export function parseXPath(source: string): Expression {
  const parser = new Parser(tokenize(source));
  const expression = parser.expression();
  parser.end();
  return expression;
}

type Step = (scope: Scope, node: Node) => Node[];
type Axis = (nodes: DocumentNodes, node: Node) => Iterable<Node>;

const axes: Readonly<Record<string, Axis>> = {
  child: (nodes, node) => nodes.children(node),
  attribute: (nodes, node) => nodes.attributes(node),
  self: (_nodes, node) => [node],
  parent: parentOf,
  descendant: (nodes, node) => [...nodes.subtree(node)].slice(1),
  "descendant-or-self": (nodes, node) => nodes.subtree(node),
  ancestor: ancestors,
  "ancestor-or-self": function* (nodes, node) {
    yield node;
    yield* ancestors(nodes, node);
  },
  "following-sibling": (nodes, node) => siblings(nodes, node, 1),
  "preceding-sibling": (nodes, node) => siblings(nodes, node, -1),
};

function parentOf(nodes: DocumentNodes, node: Node): Node[] {
  const parent = nodes.parent(node);
  return parent === undefined ? [] : [parent];
}

function* ancestors(nodes: DocumentNodes, node: Node): Generator<Node> {
  for (let at = nodes.parent(node); at !== undefined; at = nodes.parent(at)) yield at;
}

/** Siblings in the order of their distance. */
function siblings(nodes: DocumentNodes, node: Node, direction: 1 | -1): Node[] {
  const parent = nodes.parent(node);
  const all = parent === undefined ? [] : nodes.children(parent);
  const at = all.indexOf(node);
  if (at < 0) return [];
  return direction > 0 ? all.slice(at + 1) : all.slice(0, at).reverse();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get #token(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #is(text: string, kind: Token["kind"] = "symbol", ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token?.kind === kind && token.text === text;
  }

  #accept(text: string, kind: Token["kind"] = "symbol"): boolean {
    if (!this.#is(text, kind)) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw new XPathError("Invalid expression");
  }

  #take(kind: Token["kind"]): string {
    const token = this.#token;
    if (token.kind !== kind) throw new XPathError("Invalid expression");
    this.#at += 1;
    return token.text;
  }

  end(): void {
    if (this.#token.kind !== "end") throw new XPathError("Invalid expression");
  }

  expression(): Expression {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw new XPathError("expression is nested too deeply");
    const expression = this.#or();
    this.#depth -= 1;
    return expression;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#accept("or", "name")) {
      const [a, b] = [left, this.#and()];
      left = (scope) => toBoolean(a(scope)) || toBoolean(b(scope));
    }
    return left;
  }

  #and(): Expression {
    let left = this.#comparison();
    while (this.#accept("and", "name")) {
      const [a, b] = [left, this.#comparison()];
      left = (scope) => toBoolean(a(scope)) && toBoolean(b(scope));
    }
    return left;
  }

  #comparison(): Expression {
    let left = this.#sum();
    while (this.#token.kind === "symbol" && ["=", "!=", "<", "<=", ">", ">="].includes(this.#token.text)) {
      const operator = this.#take("symbol") as Comparison;
      const [a, b] = [left, this.#sum()];
      left = (scope) => compare(operator, a(scope), b(scope));
    }
    return left;
  }

  #sum(): Expression {
    let left = this.#union();
    while (this.#is("+") || this.#is("-")) {
      const sign = this.#take("symbol") === "+" ? 1 : -1;
      const [a, b] = [left, this.#union()];
      left = (scope) => toNumber(a(scope)) + sign * toNumber(b(scope));
    }
    return left;
  }

  #union(): Expression {
    let left = this.#path();
    while (this.#accept("|")) {
      const [a, b] = [left, this.#path()];
      left = (scope) => scope.nodes.ordered([...asNodes(a(scope)), ...asNodes(b(scope))]);
    }
    return left;
  }

  #path(): Expression {
    if (this.#accept("/")) return this.#stepsFrom(fromDocument, this.#startsStep() ? [this.#step()] : []);
    if (this.#accept("//")) return this.#stepsFrom(fromDocument, [descendants, this.#step()]);
    const primary = this.#primary();
    if (primary === undefined) return this.#stepsFrom((scope) => [scope.node], [this.#step()]);
    const predicates = this.#predicates();
    const filtered: Expression =
      predicates.length === 0 ? primary : (scope) => filter(scope, asNodes(primary(scope)), predicates);
    return this.#is("/") || this.#is("//") ? this.#stepsFrom(filtered, []) : filtered;
  }

  /** A value that is no path: a literal, a number, a call, or something in parentheses. */
  #primary(): Expression | undefined {
    const token = this.#token;
    if (token.kind === "literal" || token.kind === "number") {
      this.#at += 1;
      const value = token.kind === "number" ? Number(token.text) : token.text;
      return () => value;
    }
    if (this.#accept("(")) {
      const inner = this.expression();
      this.#expect(")");
      return inner;
    }
    if (token.kind === "name" && this.#is("(", "symbol", 1) && !nodeTests.has(token.text)) return this.#call();
    return undefined;
  }

  #call(): Expression {
    const name = this.#take("name");
    const found = functions[name];
    if (found === undefined) throw new XPathError(`unknown function ${name}()`);
    const args: Expression[] = [];
    this.#expect("(");
    while (!this.#accept(")")) {
      if (args.length > 0) this.#expect(",");
      args.push(this.expression());
    }
    if (args.length < found.least || args.length > found.most) throw new XPathError("Invalid number of arguments");
    return (scope) =>
      found.call(
        scope,
        args.map((argument) => argument(scope)),
      );
  }

  #startsStep(): boolean {
    const { kind, text } = this.#token;
    return kind === "name" || (kind === "symbol" && ["@", ".", "..", "*"].includes(text));
  }

  #stepsFrom(start: Expression, first: Step[]): Expression {
    const steps = [...first];
    for (;;) {
      if (this.#accept("//")) steps.push(descendants, this.#step());
      else if (this.#accept("/")) steps.push(this.#step());
      else break;
    }
    return (scope) => {
      let nodes = asNodes(start(scope));
      for (const step of steps) nodes = scope.nodes.ordered(nodes.flatMap((node) => step(scope, node)));
      return nodes;
    };
  }

  #step(): Step {
    if (this.#accept(".")) return (_scope, node) => [node];
    if (this.#accept("..")) return ({ nodes }, node) => parentOf(nodes, node);
    let axisName = "child";
    if (this.#accept("@")) axisName = "attribute";
    else if (this.#token.kind === "name" && this.#is("::", "symbol", 1)) {
      axisName = this.#take("name");
      this.#expect("::");
    }
    const axis = axes[axisName];
    if (axis === undefined) throw new XPathError("Invalid expression");
    const test = this.#nodeTest();
    const predicates = this.#predicates();
    return (scope, node) => filter(scope, [...axis(scope.nodes, node)].filter(test), predicates);
  }

  #nodeTest(): (node: Node) => boolean {
    if (this.#accept("*")) return ({ kind }) => kind === "element" || kind === "attribute";
    const name = this.#take("name");
    if (this.#is("(") && nodeTests.has(name)) {
      this.#expect("(");
      this.#expect(")");
      return (node) => name === "node" || node.kind === name;
    }
    return (node) =>
      node.kind === "element" ? node.sourceName === name : node.kind === "attribute" && node.name === name;
  }

  #predicates(): Expression[] {
    const predicates: Expression[] = [];
    while (this.#accept("[")) {
      predicates.push(this.expression());
      this.#expect("]");
    }
    return predicates;
  }
}

const nodeTests = new Set(["text", "comment", "node"]);
const fromDocument: Expression = ({ nodes }) => [nodes.document];
const descendants: Step = ({ nodes }, node) => [...nodes.subtree(node)];

function asNodes(value: Value): readonly Node[] {
  if (!isNodes(value)) throw new XPathError("Invalid type");
  return value;
}

/** Keeps the nodes for which each predicate holds; a number stands for a position. */
function filter(scope: Scope, nodes: readonly Node[], predicates: readonly Expression[]): Node[] {
  let kept = [...nodes];
  for (const predicate of predicates) {
    const size = kept.length;
    kept = kept.filter((node, index) => {
      const value = predicate({ nodes: scope.nodes, node, position: index + 1, size });
      return typeof value === "number" ? value === index + 1 : toBoolean(value);
    });
  }
  return kept;
}

interface XPathFunction {
  readonly least: number;
  readonly most: number;
  readonly call: (scope: Scope, args: readonly Value[]) => Value;
}

const none = "" as Value;
const text = (args: readonly Value[], index: number) => toText(args[index] ?? none);

const functions: Readonly<Record<string, XPathFunction>> = {
  last: { least: 0, most: 0, call: ({ size }) => size },
  position: { least: 0, most: 0, call: ({ position }) => position },
  count: { least: 1, most: 1, call: (_scope, [set = []]) => asNodes(set).length },
  not: { least: 1, most: 1, call: (_scope, [value = none]) => !toBoolean(value) },
  true: { least: 0, most: 0, call: () => true },
  false: { least: 0, most: 0, call: () => false },
  string: { least: 0, most: 1, call: ({ node }, args) => toText(args[0] ?? [node]) },
  number: { least: 0, most: 1, call: ({ node }, args) => toNumber(args[0] ?? [node]) },
  contains: { least: 2, most: 2, call: (_scope, args) => text(args, 0).includes(text(args, 1)) },
  "starts-with": { least: 2, most: 2, call: (_scope, args) => text(args, 0).startsWith(text(args, 1)) },
  concat: { least: 2, most: 100, call: (_scope, args) => args.map(toText).join("") },
  "string-length": { least: 0, most: 1, call: ({ node }, args) => [...toText(args[0] ?? [node])].length },
  "normalize-space": {
    least: 0,
    most: 1,
    call: ({ node }, args) =>
      toText(args[0] ?? [node])
        .trim()
        .replace(/\s+/g, " "),
  },
  name: { least: 0, most: 1, call: ({ node }, args) => nameOf(args.length > 0 ? asNodes(args[0] ?? [])[0] : node) },
  "local-name": {
    least: 0,
    most: 1,
    call: ({ node }, args) => nameOf(args.length > 0 ? asNodes(args[0] ?? [])[0] : node).replace(/^.*:/, ""),
  },
};

function nameOf(node: Node | undefined): string {
  if (node?.kind === "element") return node.sourceName;
  return node?.kind === "attribute" ? node.name : "";
}
