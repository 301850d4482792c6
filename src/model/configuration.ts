/**
 * libvirt's configuration files (libvirtd.conf, qemu.conf, libvirt.conf, xl.cfg): `name = value` lines, where a value is
 * a number, a string or a list, and comments from `#` to the end of the line.
 */
import { LibvirtError } from "../errors.ts";

export type ConfigurationValue = bigint | string | readonly ConfigurationValue[];

/** One line of a file: a setting, a comment, or both. */
export interface ConfigurationEntry {
  readonly name?: string;
  readonly value?: ConfigurationValue;
  /** What follows the `#`, to the letter. */
  readonly comment?: string;
  readonly line: number;
}

/** What differs between those who write such files. */
export interface ConfigurationSyntax {
  /**
   * Xen's, which is Python's: a backslash in a string escapes, settings may be parted by `;`, numbers may be hexadecimal.
   * They are read alike; `xl` is written without the triple quotes that only Python knows.
   */
  readonly escapes?: "python" | "xl";
}

/** The largest file that is read, in characters. */
const maxLength = 10 * 1024 * 1024;
const maxListDepth = 16;

/** Reads a file. An error names the file, the line and what was expected there (CONF_SYNTAX). */
export function parseConfiguration(text: string, file: string, syntax: ConfigurationSyntax = {}): ConfigurationEntry[] {
  if (text.length > maxLength) throw syntaxError(file, 1, `the file is larger than ${maxLength} characters`);
  return new Parser(text, file, syntax.escapes !== undefined).entries();
}

/** The settings of a file by name; one that is given twice has its last value. */
export function settingsOf(entries: readonly ConfigurationEntry[]): ReadonlyMap<string, ConfigurationEntry> {
  return new Map(entries.flatMap((entry) => (entry.name === undefined ? [] : [[entry.name, entry] as const])));
}

/** Writes entries back, blank lines left out. */
export function formatConfiguration(
  entries: readonly Omit<ConfigurationEntry, "line">[],
  { escapes }: ConfigurationSyntax = {},
): string {
  const quote: Quote =
    escapes === undefined ? quotePlain : (value) => quoteEscaped(value, escapes === "python" ? '"""' : null);
  return entries.map((entry) => `${formatEntry(entry, quote)}\n`).join("");
}

type Quote = (value: string) => string;

function formatEntry({ name, value, comment }: Omit<ConfigurationEntry, "line">, quote: Quote): string {
  const remark = comment === undefined ? "" : `#${comment}`;
  if (name === undefined || value === undefined) return remark;
  return `${name} = ${formatValue(value, quote)}${remark && ` ${remark}`}`;
}

function formatValue(value: ConfigurationValue, quote: Quote): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return quote(value);
  return value.length === 0 ? "[  ]" : `[ ${value.map((item) => formatValue(item, quote)).join(", ")} ]`;
}

function quotePlain(value: string): string {
  return /["\n]/.test(value) ? `"""${value}"""` : `"${value}"`;
}

/** Quotes that need no escape where there are such: not everyone who reads this knows escapes. */
function quoteEscaped(value: string, longQuotes: string | null): string {
  const escaped = value.replace(/[\\\p{Cc}]/gu, escapeOf);
  if (!escaped.includes('"')) return `"${escaped}"`;
  if (!escaped.includes("'")) return `'${escaped}'`;
  if (longQuotes !== null && !escaped.includes(longQuotes) && !escaped.endsWith('"')) {
    return `${longQuotes}${escaped}${longQuotes}`;
  }
  return `"${escaped.replaceAll('"', '\\"')}"`;
}

function escapeOf(character: string): string {
  // Of escapes by numbers xl loses the character; other control characters stand for themselves.
  return character === "\\" ? "\\\\" : character === "\n" ? "\\n" : character;
}

const escapeLetters: Readonly<Record<string, string>> = {
  ...{ a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" },
};

function unescaped(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])/g, (_, code: string) => {
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    return escapeLetters[code] ?? code;
  });
}

/** An error in a configuration file, at a line. */
export function syntaxError(file: string, line: number, detail: string): LibvirtError {
  return new LibvirtError("CONF_SYNTAX", "CONF", `${file}:${line}: ${detail}`);
}

class Parser {
  readonly #text: string;
  readonly #file: string;
  readonly #escapes: boolean;
  #at = 0;
  #line = 1;

  constructor(text: string, file: string, escapes: boolean) {
    this.#text = text;
    this.#file = file;
    this.#escapes = escapes;
  }

  entries(): ConfigurationEntry[] {
    const entries: ConfigurationEntry[] = [];
    for (;;) {
      this.#skip(this.#escapes ? /[\s;]*/y : /[\s]*/y);
      if (this.#at >= this.#text.length) return entries;
      entries.push(this.#peek() === "#" ? { comment: this.#comment(), line: this.#line } : this.#setting());
    }
  }

  #setting(): ConfigurationEntry {
    const line = this.#line;
    const name = this.#take(/[A-Za-z][A-Za-z0-9_-]*/y) ?? this.#fail("expecting a name");
    this.#skip(/[ \t]*/y);
    if (this.#take(/=/y) === null) this.#fail("expecting an assignment");
    this.#skip(/[ \t]*/y);
    const value = this.#value(0);
    this.#skip(/[ \t]*/y);
    if (this.#peek() === "#") return { name, value, comment: this.#comment(), line };
    const separator = this.#escapes ? /\r?\n|;/y : /\r?\n/y;
    if (this.#at < this.#text.length && this.#take(separator) === null) this.#fail("expecting a separator");
    return { name, value, line };
  }

  #comment(): string {
    return (this.#take(/#[^\n]*/y) ?? "#").slice(1);
  }

  #value(depth: number): ConfigurationValue {
    const next = this.#peek();
    if (next === '"' || next === "'") return this.#string();
    if (next === "[") return this.#list(depth + 1);
    const digits = this.#take(this.#escapes ? /0[xX][0-9a-fA-F]+|-?[0-9]+/y : /-?[0-9]+/y);
    return digits === null ? this.#fail("expecting a value") : BigInt(digits);
  }

  #string(): string {
    if (this.#escapes) return unescaped(this.#quoted(/"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y));
    return this.#quoted(/"""[\s\S]*?"""|"[^"\n]*"|'[^'\n]*'/y);
  }

  #quoted(pattern: RegExp): string {
    const quoted = this.#take(pattern) ?? this.#fail("unterminated string");
    const marks = quoted.startsWith('"""') ? 3 : 1;
    return quoted.slice(marks, -marks);
  }

  #list(depth: number): ConfigurationValue[] {
    if (depth > maxListDepth) this.#fail("lists are nested too deep");
    const values: ConfigurationValue[] = [];
    this.#take(/\[/y);
    for (;;) {
      this.#skipInList();
      if (this.#take(/\]/y) !== null) return values;
      values.push(this.#value(depth));
      this.#skipInList();
      if (this.#take(/,/y) === null && this.#peek() !== "]") this.#fail("expecting a separator in list");
    }
  }

  #skipInList(): void {
    this.#skip(/(?:\s|#[^\n]*)*/y);
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #skip(pattern: RegExp): void {
    this.#take(pattern);
  }

  /** The text that matches here, passed over; null where it does not match. */
  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text)?.[0] ?? null;
    if (match === null) return null;
    this.#at += match.length;
    for (const character of match) if (character === "\n") this.#line++;
    return match;
  }

  #fail(detail: string): never {
    throw syntaxError(this.#file, this.#line, detail);
  }
}
