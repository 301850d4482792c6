/**
 * Why a value could not be written, or bytes could not be read: a limit broken, a message cut short, a value of the
 * wrong kind. `path` names the part of the structure it happened in (`params[3].value`), `reason` says what was wrong.
 */
export class XdrError extends Error {
  override readonly name = "XdrError";
  readonly reason: string;
  #path = "";

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }

  /** Where in the structure, outermost field first. Empty when the value itself was wrong. */
  get path(): string {
    return this.#path;
  }

  /** Called on the way out of each enclosing structure, so that nothing has to keep a path while all goes well. */
  prepend(step: string | number): this {
    const head = typeof step === "number" ? `[${step}]` : step;
    const separator = this.#path === "" || this.#path.startsWith("[") ? "" : ".";
    this.#path = `${head}${separator}${this.#path}`;
    this.message = `${this.#path}: ${this.reason}`;
    return this;
  }
}

/** The same error, placed one level further out; anything else that was thrown is left as it is. */
export function within(error: unknown, step: string | number): unknown {
  return error instanceof XdrError ? error.prepend(step) : error;
}
