/** Filters: other levels for some categories of the log, `1:qemu 3:rpc`. */
import { LibvirtError } from "../../errors.ts";
import { type LogLevel, parseLevel } from "./level.ts";

export interface LogFilter {
  readonly level: LogLevel;
  /** A shell pattern that a category must match. */
  readonly pattern: string;
  matches(category: string): boolean;
}

const maxFilters = 1000;

/** Reads filters as configuration and virt-admin write them. @throws LibvirtError INVALID_ARG with libvirt's words */
export function parseFilters(text: string): LogFilter[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  if (words.length > maxFilters) throw wrong(`more than ${maxFilters} filters`);
  return words.map(parseFilter);
}

function parseFilter(word: string): LogFilter {
  const [, priority = "", match] = /^([^:]*):(.*)$/s.exec(word) ?? [];
  if (match === undefined) throw wrong(`Malformed format for filter '${word}'`);
  const level = parseLevel(priority);
  if (level === undefined) throw wrong(`Invalid priority '${priority}' for filter '${word}'`);
  // A plus sign asked for a stack trace once.
  const plain = match.replace(/^\+/, "");
  if (plain === "") throw wrong(`Invalid match string '${match}'`);
  const pattern = `*${plain}*`;
  return { level, pattern, matches: matcherOf(pattern) };
}

/** Filters as virt-admin shows them; each is followed by a space, as libvirt prints them. */
export function formatFilters(filters: readonly LogFilter[]): string {
  return filters.map(({ level, pattern }) => `${level}:${pattern} `).join("");
}

/** A shell pattern with `*` and `?`. Matching takes time linear in the text for each star, whatever the pattern. */
function matcherOf(pattern: string): (text: string) => boolean {
  return (text) => {
    let at = 0;
    let star = -1;
    let retry = 0;
    let next = 0;
    while (at < text.length) {
      if (next < pattern.length && (pattern[next] === "?" || pattern[next] === text[at]) && pattern[next] !== "*") {
        at++;
        next++;
      } else if (pattern[next] === "*") {
        star = next++;
        retry = at;
      } else if (star >= 0) {
        next = star + 1;
        at = ++retry;
      } else return false;
    }
    return /^\**$/.test(pattern.slice(next));
  };
}

function wrong(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "NONE", detail);
}
