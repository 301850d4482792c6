/**
 * The printer: libvirt's layout byte for byte (two spaces a level, single quotes, `<a/>` for an element without content).
 * The text is one growing string: V8 keeps it as a rope, so taking an empty element back costs nothing.
 */

/** What to do with an element that has neither attributes nor content: leave it out, `<a/>`, or `<a>` newline `</a>`. */
export type EmptyPolicy = "omit" | "keep" | "pair";

/** For whom a document is read or printed. */
export interface Mode {
  /** The definition as it will be at the next start: what is only true while running is neither read nor printed. */
  readonly inactive?: boolean;
  /** Passwords and other secrets are printed. */
  readonly secure?: boolean;
  /** For a migration's destination, which may be an older libvirt. */
  readonly migratable?: boolean;
  /** For the status file that lets a restarted daemon take a running object over. */
  readonly status?: boolean;
}

/** Who prints an element's attributes and what stands in it; a {@link Shape} is one. */
export interface Printer<T> {
  /** Namespaces that elements below may use, by prefix: declared on this element when one does. */
  readonly namespaces: Readonly<Record<string, string>> | undefined;
  printAttributes(value: T, writer: Writer): void;
  printBody(value: T, writer: Writer): void;
}

export class Writer {
  readonly mode: Mode;
  #text = "";
  #depth = 0;
  /** The last start tag has no `>` yet: attributes may follow, or `/>`. */
  #tagOpen = false;
  /** The element being printed holds text, so its end tag follows on the same line. */
  #inText = false;
  readonly #prefixes = new Set<string>();

  constructor(mode: Mode) {
    this.mode = mode;
  }

  get text(): string {
    return this.#text;
  }

  /** How deep the next element stands. */
  get depth(): number {
    return this.#depth;
  }

  attribute(name: string, value: string): void {
    this.#text += ` ${name}='${escapeXml(value)}'`;
  }

  /** The element's own text. */
  content(value: string): void {
    if (value === "") return;
    this.#text += this.#tagOpen ? `>${escapeXml(value)}` : escapeXml(value);
    this.#tagOpen = false;
    this.#inText = true;
  }

  /** `<name>value</name>` */
  leaf(name: string, value: string): void {
    this.#use(name);
    this.#closeTag();
    this.#text +=
      value === ""
        ? `${indent(this.#depth)}<${name}/>\n`
        : `${indent(this.#depth)}<${name}>${escapeXml(value)}</${name}>\n`;
  }

  element<T>(name: string, printer: Printer<T>, value: T, empty: EmptyPolicy): void {
    const textBefore = this.#text;
    const tagWasOpen = this.#tagOpen;
    this.#closeTag();
    this.#text += `${indent(this.#depth)}<${name}`;
    const bare = this.#text.length;
    printer.printAttributes(value, this);
    const headEnd = this.#text.length;
    this.#tagOpen = true;
    this.#depth++;
    printer.printBody(value, this);
    this.#depth--;
    if (this.#tagOpen && headEnd === bare && empty === "omit") {
      this.#text = textBefore;
      this.#tagOpen = tagWasOpen;
      return;
    }
    this.#use(name);
    this.#end(name, empty);
    if (printer.namespaces !== undefined) this.#declare(printer.namespaces, headEnd);
  }

  /** Lines that are already XML, indented by the caller. */
  raw(lines: string): void {
    this.#closeTag();
    this.#text += lines;
  }

  #end(name: string, empty: EmptyPolicy): void {
    if (this.#tagOpen) this.#text += empty === "pair" ? `>\n${indent(this.#depth)}</${name}>\n` : "/>\n";
    else if (this.#inText) this.#text += `</${name}>\n`;
    else this.#text += `${indent(this.#depth)}</${name}>\n`;
    this.#tagOpen = false;
    this.#inText = false;
  }

  /** Namespaces are known to be needed only once the body is there: they are put into the start tag afterwards. */
  #declare(namespaces: Readonly<Record<string, string>>, headEnd: number): void {
    let declarations = "";
    for (const [prefix, uri] of Object.entries(namespaces)) {
      if (this.#prefixes.delete(prefix)) declarations += ` xmlns:${prefix}='${escapeXml(uri)}'`;
    }
    if (declarations !== "") this.#text = this.#text.slice(0, headEnd) + declarations + this.#text.slice(headEnd);
  }

  /** An element has been printed for good: its namespace has to be declared further out. */
  #use(name: string): void {
    const colon = name.indexOf(":");
    if (colon !== -1) this.#prefixes.add(name.slice(0, colon));
  }

  #closeTag(): void {
    if (this.#tagOpen) this.#text += ">\n";
    this.#tagOpen = false;
  }
}

const indents = Array.from({ length: 64 }, (_, depth) => "  ".repeat(depth));

function indent(depth: number): string {
  return indents[depth] ?? "  ".repeat(depth);
}

// Control characters cannot be written in XML 1.0; libvirt drops them without a word.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
const special = /[<>&'"\u0000-\u0008\u000b\u000c\u000e-\u001f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
const specials = /[<>&'"\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;
const escapes: { readonly [character: string]: string } = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "'": "&apos;",
  '"': "&quot;",
};

/** Escapes text the way libvirt does, the same in attributes and content. */
export function escapeXml(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => escapes[character] ?? "") : text;
}
