/**
 * Text to tree. The tokenizer is saxes (strict, namespaces on); this file bounds what it accepts, because the text may
 * come from anybody: size, depth and number of nodes are limited, and document type declarations are refused whole.
 */
import { SaxesParser, type SaxesTagNS } from "saxes";
import { type ErrorDomainName, LibvirtError } from "../errors.ts";
import { positionAt, type XmlAttribute, XmlElement } from "./tree.ts";

/** Longest document, in UTF-16 units: the wire protocol's longest string. */
export const maxDocumentLength = 4 * 1024 * 1024;
/** Deepest nesting: what libxml2 accepts. Descriptions recurse as deep as the document does. */
export const maxDepth = 256;
/** Most elements and attributes together. */
export const maxNodes = 100_000;

export interface ParseOptions {
  /** What the document is called in messages, `domain_definition`. */
  readonly title: string;
  readonly domain: ErrorDomainName;
  /** Prefixes of namespaces by URI: how descriptions name their elements, whatever the source calls them. */
  readonly prefixes?: ReadonlyMap<string, string>;
}

/**
 * Reads a document.
 * @throws LibvirtError XML_DETAIL for text that is not well-formed or too large.
 */
export function parseTree(text: string, options: ParseOptions): XmlElement {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const build = new TreeBuilder(source, options);
  if (source.length > maxDocumentLength) build.refuse(`document is longer than ${maxDocumentLength} characters`, 0);
  if (source.trim() === "") build.refuse("document is empty", 0);
  const outer = current;
  current = build;
  try {
    new TreeParser({ xmlns: true }).write(source).close();
  } finally {
    current = outer;
  }
  return build.root ?? build.refuse("document has no root element", 0);
}

/** The tree under construction. Parsing is synchronous, and saxes calls some handlers without `this`. */
let current: TreeBuilder;

type Tag = SaxesTagNS;

class TreeBuilder {
  root: XmlElement | undefined;
  readonly #source: string;
  readonly #options: ParseOptions;
  readonly #prefixes: ReadonlyMap<string, string>;
  #open: XmlElement | undefined;
  #depth = 0;
  #nodes = 0;
  #offset = 0;

  constructor(source: string, options: ParseOptions) {
    this.#source = source;
    this.#options = options;
    this.#prefixes = options.prefixes ?? new Map();
  }

  /** The tag's name has been read: this is the moment that knows where the tag began. */
  begin(offset: number): void {
    this.#offset = offset;
    if (++this.#depth > maxDepth) this.refuse(`elements are nested deeper than ${maxDepth} levels`, offset);
    this.#count(1);
  }

  open(tag: Tag): void {
    const name = this.#name(tag.uri, tag.local);
    const element = new XmlElement(name, tag.name, tag.uri, this.#open, this.#offset, this.#source);
    const declared: [string, string][] = [];
    for (const key in tag.attributes) {
      const attribute = tag.attributes[key];
      if (attribute === undefined) continue;
      const { prefix, local, uri, value } = attribute;
      if (prefix === "xmlns") declared.push([local, value]);
      else if (attribute.name === "xmlns") declared.push(["", value]);
      else element.attributes.push({ name: this.#attributeName(prefix, uri, local), value, claimed: false });
    }
    if (declared.length > 0) element.namespaces = declared;
    this.#count(element.attributes.length + declared.length);
    if (this.#open === undefined) this.root = element;
    else this.#open.nodes.push(element);
    this.#open = element;
  }

  close(): void {
    this.#depth--;
    this.#open = this.#open?.parent;
  }

  characters(kind: "text" | "cdata" | "comment" | "instruction", text: string): void {
    if (this.#open === undefined) return;
    this.#count(1);
    this.#open.nodes.push({ kind, text });
  }

  offsetOf(line: number, column: number): number {
    let lineStart = 0;
    for (let left = line - 1; left > 0; left--) lineStart = this.#source.indexOf("\n", lineStart) + 1;
    return Math.min(lineStart + Math.max(0, column - 1), this.#source.length);
  }

  refuse(message: string, offset: number): never {
    const { line, column } = positionAt(this.#source, offset);
    const lineStart = offset - column + 1;
    const lineEnd = this.#source.indexOf("\n", lineStart);
    const shown = this.#source
      .slice(Math.max(lineStart, offset - 80), lineEnd === -1 ? offset + 80 : lineEnd)
      .slice(0, 160);
    const marker = `${"-".repeat(Math.min(column - 1, 80))}^`;
    throw new LibvirtError(
      "XML_DETAIL",
      this.#options.domain,
      `(${this.#options.title}):${line}: ${message}\n${shown}\n${marker}`,
      { int1: line, int2: column },
    );
  }

  #name(uri: string, local: string): string {
    if (uri === "") return local;
    const prefix = this.#prefixes.get(uri);
    // A name no description can have: elements of foreign namespaces never match.
    return prefix === undefined ? `{${uri}}${local}` : `${prefix}:${local}`;
  }

  #attributeName(prefix: string, uri: string, local: string): XmlAttribute["name"] {
    return prefix === "" ? local : `${this.#prefixes.get(uri) ?? prefix}:${local}`;
  }

  #count(more: number): void {
    this.#nodes += more;
    if (this.#nodes > maxNodes) this.refuse(`document has more than ${maxNodes} nodes`, this.#offset);
  }
}

class TreeParser extends SaxesParser<{ xmlns: true }> {}

/**
 * The handlers stand on the prototype, under the names saxes looks them up by: set with `on()` they become own
 * properties of an already large object, which V8 then demotes to a hash table (a tenth of the speed).
 * The names are private to saxes; its version is pinned and a test notices when they change.
 */
interface Handlers {
  openTagStartHandler(this: TreeParser, tag: { readonly name: string }): void;
  openTagHandler(this: TreeParser, tag: Tag): void;
  closeTagHandler(): void;
  textHandler(text: string): void;
  cdataHandler(text: string): void;
  commentHandler(text: string): void;
  piHandler(instruction: { readonly target: string; readonly body: string }): void;
  doctypeHandler(this: TreeParser): void;
  errorHandler(error: Error): void;
}

const handlers: Handlers = {
  openTagStartHandler(tag) {
    // One character past the name has been consumed by now.
    current.begin(this.position - tag.name.length - 2);
  },
  openTagHandler(tag) {
    current.open(tag);
  },
  closeTagHandler() {
    current.close();
  },
  textHandler(text) {
    current.characters("text", text);
  },
  cdataHandler(text) {
    current.characters("cdata", text);
  },
  commentHandler(text) {
    current.characters("comment", text);
  },
  piHandler({ target, body }) {
    current.characters("instruction", body === "" ? target : `${target} ${body}`);
  },
  doctypeHandler() {
    current.refuse("document type declarations are not accepted", this.position - 1);
  },
  errorHandler({ message }) {
    const [, line = "1", column = "0", reason = message] = /^(\d+):(\d+): (.*?)\.?$/s.exec(message) ?? [];
    current.refuse(reason, current.offsetOf(Number(line), Number(column)));
  },
};

Object.assign(TreeParser.prototype, handlers);
