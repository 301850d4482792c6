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
/** Most attributes of one element. */
export const maxAttributes = 1000;

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
  return (readAheadOf(text) ?? new Reading(text)).tree(options);
}

/** Documents that are read, or being read, before somebody asks for their trees. */
const ahead = new Set<ReadAhead>();

function readAheadOf(text: string): Reading | undefined {
  for (const { reading } of ahead) if (reading.text === text) return reading;
  return undefined;
}

/**
 * A document that is read a piece at a time, for a program that has other things to do meanwhile. Until {@link forget}
 * {@link parseTree} of this text has no more to do than to name what was read.
 */
export class ReadAhead {
  /** @internal */
  readonly reading: Reading;

  constructor(text: string) {
    this.reading = new Reading(text);
    ahead.add(this);
  }

  /** Reads on for about so many characters; false when there is nothing left to read, or it turned out to be wrong. */
  read(characters: number): boolean {
    return this.reading.read(characters);
  }

  forget(): void {
    ahead.delete(this);
  }
}

/** What is wrong with a text, before it is known what the document is called. */
class Refusal extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** A document while it is read, and what came of it. */
class Reading {
  readonly text: string;
  readonly #source: string;
  readonly #parser = new TreeParser({ xmlns: true });
  readonly #build: TreeBuilder;
  #at = 0;
  #over = false;
  #failure: unknown;
  /** Its nodes bear the names and claims of somebody who was given the tree before. */
  #used = false;

  constructor(text: string) {
    this.text = text;
    this.#source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    this.#build = new TreeBuilder(this.#source);
    this.#guarded(() => {
      if (this.#source.length > maxDocumentLength) {
        throw new Refusal(`document is longer than ${maxDocumentLength} characters`, 0);
      }
    });
  }

  read(characters: number): boolean {
    if (this.#over) return false;
    const outer = current;
    current = this.#build;
    try {
      this.#guarded(() => this.#readOn(characters));
    } finally {
      current = outer;
    }
    return !this.#over;
  }

  /** The tree with the names that somebody knows its elements by. There is one tree: who is given it has it alone. */
  tree(options: ParseOptions): XmlElement {
    while (this.read(maxDocumentLength));
    const { root } = this.#build;
    const failure = this.#failure ?? (root === undefined ? new Refusal("document has no root element", 0) : undefined);
    if (failure instanceof Refusal) throw refusal(this.#source, failure.message, failure.offset, options);
    if (root === undefined || failure !== undefined) throw failure;
    if (this.#used) unclaim(root);
    this.#used = true;
    this.#build.name(options.prefixes ?? new Map());
    return root;
  }

  #readOn(characters: number): void {
    const end = this.#at + characters;
    if (this.#at === 0 && this.#source.trim() === "") throw new Refusal("document is empty", 0);
    this.#parser.write(end >= this.#source.length && this.#at === 0 ? this.#source : this.#source.slice(this.#at, end));
    this.#at = end;
    if (end < this.#source.length) return;
    this.#parser.close();
    this.#over = true;
  }

  #guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#over = true;
      this.#failure = error;
    }
  }
}

function unclaim(element: XmlElement): void {
  element.claimed = false;
  element.textClaimed = false;
  for (const attribute of element.attributes) attribute.claimed = false;
  for (const node of element.nodes) if (node.kind === "element") unclaim(node);
}

function refusal(source: string, message: string, offset: number, { title, domain }: ParseOptions): LibvirtError {
  const { line, column } = positionAt(source, offset);
  const lineStart = offset - column + 1;
  const lineEnd = source.indexOf("\n", lineStart);
  const shown = source.slice(Math.max(lineStart, offset - 80), lineEnd === -1 ? offset + 80 : lineEnd).slice(0, 160);
  const marker = `${"-".repeat(Math.min(column - 1, 80))}^`;
  return new LibvirtError("XML_DETAIL", domain, `(${title}):${line}: ${message}\n${shown}\n${marker}`, {
    int1: line,
    int2: column,
  });
}

/** The tree under construction. Parsing is synchronous, and saxes calls some handlers without `this`. */
let current: TreeBuilder;

type Tag = SaxesTagNS;

/** An attribute with a prefix, and what its name is made of. */
type PrefixedAttribute = readonly [attribute: XmlAttribute, prefix: string, uri: string, local: string];

class TreeBuilder {
  root: XmlElement | undefined;
  readonly #source: string;
  /** What has a namespace is named late: by whom the tree is for. */
  readonly #foreign: [element: XmlElement, local: string][] = [];
  readonly #prefixed: PrefixedAttribute[] = [];
  #open: XmlElement | undefined;
  #depth = 0;
  #nodes = 0;
  #attributes = 0;
  #offset = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** The tag's name has been read: this is the moment that knows where the tag began. */
  begin(offset: number): void {
    this.#offset = offset;
    this.#attributes = 0;
    if (++this.#depth > maxDepth) this.refuse(`elements are nested deeper than ${maxDepth} levels`, offset);
    this.#count();
  }

  /** An attribute or declaration has been read. */
  attribute(): void {
    if (++this.#attributes > maxAttributes) {
      this.refuse(`element has more than ${maxAttributes} attributes`, this.#offset);
    }
    this.#count();
  }

  open(tag: Tag): void {
    const element = new XmlElement(tag.local, tag.name, tag.uri, this.#open, this.#offset, this.#source);
    if (tag.uri !== "") this.#foreign.push([element, tag.local]);
    const declared: [string, string][] = [];
    for (const key in tag.attributes) {
      const attribute = tag.attributes[key];
      if (attribute === undefined) continue;
      const { prefix, local, uri, value } = attribute;
      if (prefix === "xmlns") declared.push([local, value]);
      else if (attribute.name === "xmlns") declared.push(["", value]);
      else {
        const kept = { name: local, value, claimed: false };
        element.attributes.push(kept);
        if (prefix !== "") this.#prefixed.push([kept, prefix, uri, local]);
      }
    }
    if (declared.length > 0) element.namespaces = declared;
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
    this.#count();
    this.#open.nodes.push({ kind, text });
  }

  /** Gives what has a namespace its name. */
  name(prefixes: ReadonlyMap<string, string>): void {
    for (const [element, local] of this.#foreign) {
      const prefix = prefixes.get(element.uri);
      // A name no description can have: elements of foreign namespaces never match.
      element.name = prefix === undefined ? `{${element.uri}}${local}` : `${prefix}:${local}`;
    }
    for (const [attribute, prefix, uri, local] of this.#prefixed) {
      attribute.name = `${prefixes.get(uri) ?? prefix}:${local}`;
    }
  }

  offsetOf(line: number, column: number): number {
    const { length } = this.#source;
    let lineStart = 0;
    for (let left = line - 1; left > 0 && lineStart < length; lineStart++) {
      if (this.#source.charCodeAt(lineStart) === 0x0a) left--;
    }
    return Math.min(lineStart + Math.max(0, column - 1), length);
  }

  refuse(message: string, offset: number): never {
    throw new Refusal(message, offset);
  }

  #count(): void {
    if (++this.#nodes > maxNodes) this.refuse(`document has more than ${maxNodes} nodes`, this.#offset);
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
  attributeHandler(): void;
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
  attributeHandler() {
    current.attribute();
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
