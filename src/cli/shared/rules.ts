/** Rules between the options of a command, with virsh's wording. */
import { CommandError } from "../error.ts";
import { optionName } from "../option.ts";

type Given = { readonly [key: string]: unknown };

function isGiven(options: Given, key: string): boolean {
  const value = options[key];
  return value !== undefined && value !== false;
}

/** At most one of each pair. @throws {CommandError} */
export function exclusive<T extends Given>(
  options: T,
  ...pairs: readonly (readonly [keyof T & string, keyof T & string])[]
): void {
  for (const [one, other] of pairs) {
    if (isGiven(options, one) && isGiven(options, other)) {
      throw new CommandError(`Options --${optionName(one)} and --${optionName(other)} are mutually exclusive`);
    }
  }
}

/** `option` makes sense only with `needed`. @throws {CommandError} */
export function requires<T extends Given>(options: T, option: keyof T & string, needed: keyof T & string): void {
  if (isGiven(options, option) && !isGiven(options, needed)) {
    throw new CommandError(`Option --${optionName(needed)} is required by option --${optionName(option)}`);
  }
}

/** The flags whose switches were given, joined. */
export function flagsOf<T extends Given>(options: T, flags: { readonly [K in keyof T]?: number }): number {
  let joined = 0;
  for (const [key, bit] of Object.entries(flags)) if (options[key] === true) joined |= bit as number;
  // The highest flag is a sign to JavaScript.
  return joined >>> 0;
}
