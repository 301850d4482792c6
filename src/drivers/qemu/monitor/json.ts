/**
 * JSON as QMP speaks it: integers of 64 bits keep every digit, and nesting is bounded.
 *
 * QEMU counts in 64 bits (bytes written, addresses, identifiers). An integer that a JavaScript number cannot hold
 * exactly is read as bigint, and a bigint is written as a plain number.
 */

export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Deeper nesting than this is refused: no answer of QEMU comes near it, and whoever walks the value may recurse. */
export const MAX_DEPTH = 256;

/** Text with a run of 16 digits may hold an integer beyond 2^53; all other text is safe for JSON.parse. */
const LONG_NUMBER = /\d{16}/;

/**
 * Reads one JSON text.
 * @throws SyntaxError for text that is no JSON or is nested more than {@link MAX_DEPTH} levels.
 */
export function parseJson(text: string): Json {
  checkDepth(text);
  return LONG_NUMBER.test(text) ? new ExactParser(text).document() : (JSON.parse(text) as Json);
}

/** Writes a value as one line of JSON. Members that are undefined are left out. */
export function stringifyJson(value: Json): string {
  if (typeof value === "bigint") return value.toString();
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stringifyJson).join(",")}]`;
  const members: string[] = [];
  for (const [key, member] of Object.entries(value as JsonObject)) {
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${stringifyJson(member)}`);
  }
  return `{${members.join(",")}}`;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function checkDepth(text: string): void {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      i = endOfString(text, i);
    } else if (c === 0x5b || c === 0x7b) {
      if (++depth > MAX_DEPTH) throw new SyntaxError(`JSON is nested more than ${MAX_DEPTH} levels`);
    } else if (c === 0x5d || c === 0x7d) {
      depth--;
    }
  }
}

/** Where the closing quote of the string that opens at `start` stands; the end of the text if there is none. */
function endOfString(text: string, start: number): number {
  let at = start;
  do {
    at = text.indexOf('"', at + 1);
    if (at < 0) return text.length;
  } while (isEscaped(text, at));
  return at;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

/**
 * A strict parser that keeps the digits of long integers. It takes the structure apart itself and leaves strings and
 * short numbers to JSON.parse, so that what counts as JSON is the same on both ways.
 */
class ExactParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    const value = this.#value();
    if (this.#peek() !== "") this.#fail();
    return value;
  }

  #value(): Json {
    switch (this.#peek()) {
      case "{":
        return this.#object();
      case "[":
        return this.#array();
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  #object(): JsonObject {
    const members: [string, Json][] = [];
    this.#sequence("}", () => {
      const key = this.#peek() === '"' ? this.#string() : this.#fail();
      this.#expect(":");
      members.push([key, this.#value()]);
    });
    return Object.fromEntries(members);
  }

  #array(): Json[] {
    const items: Json[] = [];
    this.#sequence("]", () => items.push(this.#value()));
    return items;
  }

  #sequence(end: string, item: () => void): void {
    this.#at++;
    if (this.#peek() === end) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      const next = this.#peek();
      if (next !== "," && next !== end) this.#fail();
      this.#at++;
      if (next === end) return;
    }
  }

  #string(): string {
    const end = endOfString(this.#text, this.#at);
    const source = this.#text.slice(this.#at, end + 1);
    this.#at = end + 1;
    return JSON.parse(source) as string;
  }

  #scalar(): Json {
    const scalar = /[^\s,:[\]{}"]+/y;
    scalar.lastIndex = this.#at;
    const source = scalar.exec(this.#text)?.[0] ?? this.#fail();
    this.#at += source.length;
    const value = JSON.parse(source) as Json;
    if (typeof value !== "number" || !/^-?\d+$/.test(source)) return value;
    return Number.isSafeInteger(value) ? value : BigInt(source);
  }

  /** The next character that is no white space, "" at the end. */
  #peek(): string {
    while (" \t\r\n".includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) this.#at++;
    return this.#text.charAt(this.#at);
  }

  #expect(token: string): void {
    if (this.#peek() !== token) this.#fail();
    this.#at++;
  }

  #fail(): never {
    throw new SyntaxError(`unexpected ${JSON.stringify(this.#peek()) || "end"} in JSON at position ${this.#at}`);
  }
}
