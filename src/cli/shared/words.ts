/** Words for people. */

/** `started` -> `Started`. */
export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
