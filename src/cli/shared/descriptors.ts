/** Open files that are named by their numbers. */
import { CommandError } from "../error.ts";

/** The numbers in `--pass-fds N,M,...`. @throws {CommandError} */
export function parseDescriptors(list: string | undefined): number[] {
  if (list === undefined) return [];
  return list.split(",").map((word) => {
    if (!/^[0-9]{1,9}$/.test(word)) throw new CommandError(`Unable to parse FD number '${word}'`);
    return Number(word);
  });
}
