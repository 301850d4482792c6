/** What goes along while a tree is read: the mode, and what was wrong so far. */
import type { ErrorName } from "../errors.ts";
import { InvalidValue, quote } from "./problems.ts";
import type { Scalar } from "./scalars.ts";
import type { Place, XmlElement } from "./tree.ts";
import type { Mode } from "./writer.ts";

/** Problems beyond this many are counted but not kept. */
const maxProblems = 50;
/** Most members of all lists together that stand in attributes and texts: ranges are short, and stand for many. */
const maxListed = 2_000_000;

/** A problem whose position nobody has looked for yet. */
export interface NotedProblem extends Place {
  readonly message: string;
  readonly code: ErrorName;
}

export class Reader {
  readonly mode: Mode;
  readonly problems: NotedProblem[] = [];
  /** How many problems have been noted; grows while something is being read that turns out to be wrong. */
  noted = 0;
  #ignoring = 0;
  #listed = 0;

  constructor(mode: Mode) {
    this.mode = mode;
  }

  /** Reads something only to claim it: its problems do not matter. */
  ignore(read: () => void): void {
    this.#ignoring++;
    try {
      read();
    } finally {
      this.#ignoring--;
    }
  }

  problem(element: XmlElement, attribute: string | undefined, message: string, code: ErrorName = "XML_ERROR"): void {
    if (this.#ignoring > 0) return;
    this.noted++;
    if (this.problems.length < maxProblems) this.problems.push({ element, attribute, message, code });
  }

  missing(element: XmlElement, label: string, code?: ErrorName): void {
    // The code's own words say that a name is missing, and go on with where.
    const place = `element '${element.name}'`;
    this.problem(element, undefined, code === "NO_NAME" ? place : `Missing required ${label} in ${place}`, code);
  }

  unknownWord(element: XmlElement, attribute: string, word: string, known: readonly string[]): void {
    this.#invalid(element, attribute, `${quote(word)} is not one of ${known.join(", ")}`);
  }

  #invalid(element: XmlElement, attribute: string | undefined, reason: string): void {
    const place = attribute === undefined ? "element" : `attribute '${attribute}' in element`;
    this.problem(element, attribute, `Invalid value for ${place} '${element.name}': ${reason}`);
  }

  /** Runs a conversion that may throw InvalidValue, and notes the problem at its place. */
  convert<T>(element: XmlElement, attribute: string | undefined, conversion: () => T): T | undefined {
    try {
      return conversion();
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      if (error.code === "XML_ERROR") this.#invalid(element, attribute, error.message);
      else this.problem(element, attribute, error.message, error.code);
      return undefined;
    }
  }

  /** A scalar's value from an attribute's or, without one, from an element's text. */
  scalar<T>(scalar: Scalar<T>, text: string, element: XmlElement, attribute?: string): T | undefined {
    if (this.#listed > maxListed) return undefined;
    const value = this.convert(element, attribute, () => scalar.parse(text));
    if (Array.isArray(value)) this.#countListed(value.length, element, attribute);
    return value;
  }

  #countListed(members: number, element: XmlElement, attribute: string | undefined): void {
    this.#listed += members;
    if (this.#listed <= maxListed) return;
    this.problem(element, attribute, `the document's sets have more than ${maxListed} members`);
  }
}
