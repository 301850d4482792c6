/** Sizes that a person types. */
import { CommandError } from "../error.ts";
import { parseScaled } from "../grammar/numbers.ts";

/** A size of a volume as people write it: bytes, or with a unit. @throws {CommandError} */
export function parseSize(text: string): bigint {
  try {
    return parseScaled(text, "size", { unit: 1n, max: (1n << 64n) - 1n });
  } catch (error) {
    // Why it is malformed, where there is more to say than that.
    const [, ...reasons] = error instanceof CommandError ? error.lines : [];
    throw new CommandError([`Malformed size ${text}`, ...reasons]);
  }
}
