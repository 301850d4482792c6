/** A whole document: the root element's name, what it holds, and everything derived from that. */
import { type ErrorDomainName, LibvirtError } from "../errors.ts";
import { parseTree } from "./parse.ts";
import { type Problem, type Unknown, XmlDocumentError } from "./problems.ts";
import { Reader } from "./reader.ts";
import { type Description, type Draft, type Infer, Shape, shapeOf } from "./shape.ts";
import { located, type Place, pathOf, type XmlElement } from "./tree.ts";
import { type EmptyPolicy, type Mode, Writer } from "./writer.ts";

/** Namespaces by the prefix libvirt prints. Elements are matched by URI, whatever prefix a document uses. */
export type Namespaces = Readonly<Record<string, string>>;

export interface DocumentOptions {
  /** Which part of libvirt reports what is wrong with such a document (`VIR_FROM_...`). */
  readonly from?: ErrorDomainName;
  /** What the document is called in messages about its syntax, by default `<root>_definition`. */
  readonly title?: string;
  /** How the root element is printed when there is nothing in it. */
  readonly empty?: Exclude<EmptyPolicy, "omit">;
  /** Namespaces of embedded documents, which declare their own when printed. */
  readonly embedded?: Namespaces;
}

export interface ReadOptions extends Mode {
  /** Refuse what the description does not know, instead of ignoring it (the VALIDATE flags). */
  readonly strict?: boolean;
}

/** What was read, and what of the document nobody knows. */
export interface ReadResult<T> {
  readonly value: T;
  readonly unknown: readonly Unknown[];
}

export class Document<T> {
  readonly name: string;
  /** The root element's shape: embed it in another document with `child(network.shape)`. */
  readonly shape: Shape<T>;
  readonly namespaces: Namespaces;
  readonly #from: ErrorDomainName;
  readonly #title: string;
  readonly #empty: EmptyPolicy;
  readonly #prefixes: ReadonlyMap<string, string>;

  constructor(name: string, shape: Shape<T>, namespaces: Namespaces, options: DocumentOptions) {
    this.name = name;
    this.namespaces = namespaces;
    this.shape = Object.keys(namespaces).length === 0 ? shape : new DeclaringShape(shape, namespaces);
    this.#from = options.from ?? "XML";
    this.#title = options.title ?? `${name}_definition`;
    this.#empty = options.empty ?? "keep";
    const known = Object.entries({ ...options.embedded, ...namespaces });
    this.#prefixes = new Map(known.map(([prefix, uri]) => [uri, prefix]));
  }

  /**
   * Reads a document.
   * @throws LibvirtError XML_DETAIL when it is not well-formed, {@link XmlDocumentError} with all problems and their
   * places when it does not fit the description, XML_INVALID_SCHEMA in strict mode for what the description does not know.
   */
  parse(text: string, options: ReadOptions = {}): T {
    const { value, unknown } = this.read(text, options);
    const [first] = unknown;
    if (options.strict === true && first !== undefined) throw this.#unknownError(unknown, first);
    return value;
  }

  /** Like {@link parse}, with the list of what the description does not know: libvirt ignores that silently. */
  read(text: string, mode: Mode = {}): ReadResult<T> {
    return this.readTree(this.tree(text), mode);
  }

  /** The document's tree, with its root element's name not yet checked. */
  tree(text: string): XmlElement {
    return parseTree(text, { title: this.#title, domain: this.#from, prefixes: this.#prefixes });
  }

  readTree(root: XmlElement, mode: Mode = {}): ReadResult<T> {
    if (root.name !== this.name) {
      const detail = `expecting root element of '${this.name}', not '${root.sourceName}'`;
      throw new LibvirtError("XML_ERROR", "XML", detail);
    }
    const reader = new Reader(mode);
    root.claimed = true;
    const value = this.shape.read(root, reader);
    const [first, ...others] = problemsOf(reader);
    if (first !== undefined) throw new XmlDocumentError(this.#from, [first, ...others]);
    if (value === undefined) throw new LibvirtError("XML_ERROR", this.#from, `nothing to read in '${this.name}'`);
    return { value, unknown: unclaimed(root) };
  }

  /** The document of a value, in libvirt's layout, ending in a line feed. */
  format(value: T, mode: Mode = {}): string {
    const writer = new Writer(mode);
    writer.element(this.name, this.shape, value, this.#empty);
    return writer.text;
  }

  make(draft: Draft<T>): T {
    return this.shape.make(draft);
  }

  #unknownError(unknown: readonly Unknown[], { line, column, path }: Unknown): LibvirtError {
    const more = unknown.length === 1 ? "" : ` (and ${unknown.length - 1} more)`;
    const detail = `${line}:${column}: ${path} is not known here${more}`;
    return new LibvirtError("XML_INVALID_SCHEMA", this.#from, detail);
  }
}

/** Describes a document: `document("network", networkShape, { dnsmasq: "http://..." }, { from: "NETWORK" })`. */
export function document<D extends Description>(
  name: string,
  description: D,
  namespaces: Namespaces = {},
  options: DocumentOptions = {},
): Document<Infer<D>> {
  return new Document(name, shapeOf(description), namespaces, options);
}

/** A shape whose element declares the namespaces that are used below it. */
class DeclaringShape<T> extends Shape<T> {
  override readonly namespaces: Namespaces;
  readonly #shape: Shape<T>;

  constructor(shape: Shape<T>, namespaces: Namespaces) {
    super();
    this.#shape = shape;
    this.namespaces = namespaces;
  }

  get choice(): string | undefined {
    return this.#shape.choice;
  }
  read(element: XmlElement, reader: Reader): T | undefined {
    return this.#shape.read(element, reader);
  }
  printChoice(value: T, writer: Writer): void {
    this.#shape.printChoice(value, writer);
  }
  printOtherAttributes(value: T, writer: Writer): void {
    this.#shape.printOtherAttributes(value, writer);
  }
  printBody(value: T, writer: Writer): void {
    this.#shape.printBody(value, writer);
  }
  make(draft: Draft<T>): T {
    return this.#shape.make(draft);
  }
}

/** What is wrong, in the order of the text. */
function problemsOf({ problems }: Reader): Problem[] {
  return located(problems)
    .map(({ element, attribute, message, code, line, column }) => ({
      ...{ line, column, message, code },
      path: pathOf(element, attribute),
    }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Most unknown things that are listed. */
const maxUnknown = 200;

/** What no field has claimed, in document order; below an unknown element nothing is listed. */
function unclaimed(root: XmlElement): Unknown[] {
  const found: (Place & { readonly suffix?: string })[] = [];
  const visit = (element: XmlElement): void => {
    for (const { name, claimed } of element.attributes) if (!claimed) found.push({ element, attribute: name });
    for (const node of element.nodes) {
      if (found.length >= maxUnknown) return;
      if (node.kind === "element") {
        if (node.claimed) visit(node);
        else found.push({ element: node });
      } else if (!element.textClaimed && (node.kind === "text" || node.kind === "cdata") && node.text.trim() !== "") {
        found.push({ element, suffix: "/text()" });
      }
    }
  };
  visit(root);
  return located(found).map(({ element, attribute, suffix = "", line, column }) => ({
    path: `${pathOf(element, attribute)}${suffix}`,
    line,
    column,
  }));
}
