/** Cuts a stream of bytes into lines, without ever holding more than one line of bounded length. */
export class LineSplitter {
  readonly #maxLength: number;
  #parts: Buffer[] = [];
  #length = 0;

  /** @param maxLength longest line in bytes, its end not counted. */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /**
   * Takes the next bytes, gives the lines that they complete, without their ends (LF or CRLF).
   * @throws RangeError when a line is longer than allowed; the stream is of no use then.
   */
  *push(chunk: Buffer): Generator<string> {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      this.#add(chunk.subarray(start, end));
      start = end + 1;
      yield this.#take();
    }
    if (start < chunk.length) this.#add(chunk.subarray(start));
  }

  #add(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.#maxLength) {
      this.#parts = [];
      throw new RangeError(`line is longer than ${this.#maxLength} bytes`);
    }
    this.#parts.push(part);
  }

  #take(): string {
    const bytes = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts, this.#length);
    this.#parts = [];
    this.#length = 0;
    return bytes.toString("utf8", 0, bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length);
  }
}
