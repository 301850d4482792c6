/** Patterns of names: `*` stands for anything, `?` for one character, all else for itself. */

/** The longest pattern and the longest text that are compared. */
const maxLength = 8 * 1024;

/** Whether the whole text is what the pattern says; its time is bounded by the product of both lengths. */
export function globTest(pattern: string, text: string): boolean {
  if (pattern.length > maxLength || text.length > maxLength) return false;
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let i = 0; i < text.length; ) {
    if (pattern[at] === "*") {
      star = at++;
      resume = i;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
