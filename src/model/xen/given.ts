/** A value of a configuration, with the place it came from: what is asked of it and is not so is an error there. */
import { type ConfigurationValue, syntaxError } from "../configuration.ts";

/** The longest list of devices, settings or arguments. */
const maxItems = 4096;

export class Given {
  readonly value: ConfigurationValue;
  readonly #name: string;
  readonly #line: number;

  constructor(name: string, value: ConfigurationValue, line: number) {
    this.#name = name;
    this.value = value;
    this.#line = line;
  }

  get isList(): boolean {
    return typeof this.value === "object";
  }

  /** A string; a number is one too. */
  text(): string {
    if (typeof this.value === "object") this.fail("a string is expected");
    return String(this.value);
  }

  /** A natural number; a string of digits is one too. */
  number(max = Number.MAX_SAFE_INTEGER): number {
    const text = this.text().trim();
    if (!/^\d{1,16}$/.test(text) || Number(text) > max)
      this.fail(`'${text.slice(0, 40)}' is not a number up to ${max}`);
    return Number(text);
  }

  /** A number that may be below zero. */
  signed(): bigint {
    const text = this.text().trim();
    if (!/^-?\d{1,18}$/.test(text)) this.fail(`'${text.slice(0, 40)}' is not a number`);
    return BigInt(text);
  }

  yes(): boolean {
    return this.number() !== 0;
  }

  /** The items of a list. */
  list(): Given[] {
    if (typeof this.value !== "object") this.fail("a list is expected");
    if (this.value.length > maxItems) this.fail(`there are more than ${maxItems} items`);
    return this.value.map((item) => new Given(this.#name, item, this.#line));
  }

  /** The items of a list, or the only one; an empty string is none. */
  items(): Given[] {
    if (this.isList) return this.list();
    return this.text() === "" ? [] : [this];
  }

  fail(detail: string): never {
    throw syntaxError("config", this.#line, `${this.#name}: ${detail}`);
  }
}
