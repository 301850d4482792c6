/** Values of D-Bus as bytes, by their signatures (D-Bus specification, "Marshaling"). */

/** What a value may be: arrays are arrays, structures and dictionary entries too. */
export type DbusValue = number | bigint | boolean | string | DbusVariant | readonly DbusValue[];

export interface DbusVariant {
  readonly signature: string;
  readonly value: DbusValue;
}

/** A message that makes no sense. */
export class DbusFormatError extends Error {
  override readonly name = "DbusFormatError";
}

const maxDepth = 16;
const maxArray = 1024 * 1024;

const alignments: Readonly<Record<string, number>> = {
  ...{ y: 1, g: 1, v: 1, n: 2, q: 2, b: 4, i: 4, u: 4, s: 4, o: 4, a: 4, h: 4, x: 8, t: 8, d: 8 },
  ...{ "(": 8, "{": 8 },
};

/** The complete types of a signature: `a{ss}u` is `a{ss}` and `u`. */
export function typesIn(signature: string): string[] {
  const types: string[] = [];
  for (let at = 0; at < signature.length; ) {
    const end = endOfType(signature, at, 0);
    types.push(signature.slice(at, end));
    at = end;
  }
  return types;
}

function endOfType(signature: string, at: number, depth: number): number {
  const code = signature[at] ?? "";
  if (depth > maxDepth || alignments[code] === undefined) throw new DbusFormatError(`no signature: '${signature}'`);
  if (code === "a") return endOfType(signature, at + 1, depth + 1);
  const close = code === "(" ? ")" : code === "{" ? "}" : null;
  if (close === null) return at + 1;
  // What is empty would fill any array.
  let end = endOfType(signature, at + 1, depth + 1);
  while (signature[end] !== close) end = endOfType(signature, end, depth + 1);
  return end + 1;
}

export class DbusWriter {
  readonly #parts: Buffer[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  take(): Buffer {
    return Buffer.concat(this.#parts);
  }

  align(to: number): void {
    const missing = (to - (this.#length % to)) % to;
    if (missing > 0) this.bytes(Buffer.alloc(missing));
  }

  bytes(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }

  /** Writes one complete type. */
  value(type: string, value: DbusValue): void {
    this.align(alignments[type[0] ?? ""] ?? 1);
    const code = type[0];
    if (code === "y") this.bytes(Buffer.from([Number(value)]));
    else if (code === "u" || code === "i" || code === "b") this.#word(Number(value));
    else if (code === "t" || code === "x") this.#long(BigInt(value as bigint));
    else if (code === "s" || code === "o") this.#text(String(value));
    else if (code === "g") this.#signature(String(value));
    else if (code === "v") this.#variant(value as DbusVariant);
    else if (code === "a") this.#array(type.slice(1), value as readonly DbusValue[]);
    else if (code === "(" || code === "{") {
      const types = typesIn(type.slice(1, -1));
      for (const [index, member] of types.entries()) this.value(member, (value as readonly DbusValue[])[index] ?? 0);
    } else throw new DbusFormatError(`the type '${type}' is not written here`);
  }

  #word(value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    this.bytes(bytes);
  }

  #long(value: bigint): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
    this.bytes(bytes);
  }

  #text(text: string): void {
    const bytes = Buffer.from(`${text}\0`, "utf8");
    this.#word(bytes.length - 1);
    this.bytes(bytes);
  }

  #signature(text: string): void {
    this.bytes(Buffer.concat([Buffer.from([text.length]), Buffer.from(`${text}\0`, "latin1")]));
  }

  #variant({ signature, value }: DbusVariant): void {
    this.#signature(signature);
    this.value(signature, value);
  }

  #array(type: string, values: readonly DbusValue[]): void {
    const length = Buffer.alloc(4);
    this.bytes(length);
    this.align(alignments[type[0] ?? ""] ?? 1);
    const start = this.#length;
    for (const value of values) this.value(type, value);
    length.writeUInt32LE(this.#length - start);
  }
}

export class DbusReader {
  readonly #bytes: Buffer;
  readonly #isLittle: boolean;
  at: number;

  constructor(bytes: Buffer, isLittle: boolean, at = 0) {
    this.#bytes = bytes;
    this.#isLittle = isLittle;
    this.at = at;
  }

  align(to: number): void {
    this.at += (to - (this.at % to)) % to;
  }

  value(type: string, depth = 0): DbusValue {
    if (depth > maxDepth) throw new DbusFormatError("values are nested too deep");
    this.align(alignments[type[0] ?? ""] ?? 1);
    const code = type[0];
    if (code === "y") return this.#bytes[this.#skip(1)] as number;
    if (code === "u" || code === "h") return this.#word();
    if (code === "i") return this.#word() | 0;
    if (code === "b") return this.#word() !== 0;
    if (code === "n" || code === "q") return this.#short();
    if (code === "t" || code === "x" || code === "d") return this.#long();
    if (code === "s" || code === "o") return this.#text(this.#word());
    if (code === "g") return this.#text(this.#bytes[this.#skip(1)] as number);
    if (code === "v") return this.#variant(depth);
    if (code === "a") return this.#array(type.slice(1), depth);
    return typesIn(type.slice(1, -1)).map((member) => this.value(member, depth + 1));
  }

  #skip(count: number): number {
    const at = this.at;
    if (at + count > this.#bytes.length) throw new DbusFormatError("a message is cut short");
    this.at += count;
    return at;
  }

  #word(): number {
    const at = this.#skip(4);
    return this.#isLittle ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }

  #short(): number {
    const at = this.#skip(2);
    return this.#isLittle ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }

  #long(): bigint {
    const at = this.#skip(8);
    return this.#isLittle ? this.#bytes.readBigUInt64LE(at) : this.#bytes.readBigUInt64BE(at);
  }

  #text(length: number): string {
    const at = this.#skip(length + 1);
    return this.#bytes.toString("utf8", at, at + length);
  }

  #variant(depth: number): DbusVariant {
    const signature = this.value("g") as string;
    return { signature, value: this.value(signature, depth + 1) };
  }

  #array(type: string, depth: number): DbusValue[] {
    const length = this.#word();
    if (length > maxArray) throw new DbusFormatError(`an array of ${length} bytes`);
    this.align(alignments[type[0] ?? ""] ?? 1);
    const end = this.at + length;
    const values: DbusValue[] = [];
    while (this.at < end) values.push(this.value(type, depth + 1));
    if (this.at !== end) throw new DbusFormatError("an array does not end where it should");
    return values;
  }
}
