/**
 * Splits a command string into words, as virsh does: shell-like quotes and backslashes, `;` and newline between
 * commands, `#` at the start of a word begins a comment.
 */
import { CommandError } from "../error.ts";

/** A word with its quotes resolved; `start` and `end` are offsets in the source, for completion. */
export interface Word {
  readonly type: "word";
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The quote still open at the end of the input (only a single quote or, when lenient, any). */
  readonly openQuote: '"' | "'" | "";
}

export type Token = Word | { readonly type: "separator" };

const SEPARATOR: Token = { type: "separator" };

function isBlank(c: string | undefined): boolean {
  return c === " " || c === "\t";
}

function endsCommand(c: string | undefined): boolean {
  return c === "\n" || c === ";";
}

/**
 * Words and separators of `source`, lazily, so that an unknown command is reported before a quote missing after it.
 * `lenient` (for completion) takes an unfinished quote or escape as it stands.
 * @throws {CommandError} on a dangling backslash or a missing double quote
 */
export function* tokenize(source: string, { lenient = false } = {}): Generator<Token> {
  let at = 0;
  while (at < source.length) {
    const c = source[at];
    if (isBlank(c)) {
      at += 1;
    } else if (source.startsWith("\\\n", at)) {
      at += 2;
    } else if (endsCommand(c)) {
      yield SEPARATOR;
      at += 1;
    } else if (c === "#") {
      at = endOfLine(source, at);
    } else {
      const word = readWord(source, at, lenient);
      yield word;
      at = word.end;
    }
  }
}

/** Words of a command that the system shell has split already: taken literally, one command. */
export function* wordsOf(argv: readonly string[]): Generator<Token> {
  // A leading comment word silences the whole command, as it does in a command string.
  if (argv[0]?.startsWith("#")) return;
  for (const text of argv) yield { type: "word", text, start: 0, end: text.length, openQuote: "" };
}

function endOfLine(source: string, from: number): number {
  const newline = source.indexOf("\n", from);
  return newline < 0 ? source.length : newline;
}

function readWord(source: string, start: number, lenient: boolean): Word {
  let text = "";
  let quote: Word["openQuote"] = "";
  let at = start;
  for (; at < source.length; at += 1) {
    const c = source[at] as string;
    if (quote === "" && (isBlank(c) || endsCommand(c))) break;
    if (c === "\\" && quote !== "'") {
      at += 1;
      if (at >= source.length && !lenient) throw new CommandError("dangling \\");
      // A backslash before a newline joins the lines; before anything else it takes that literally.
      if (source[at] !== "\n") text += source[at] ?? "";
    } else if (quote === "" && (c === '"' || c === "'")) {
      quote = c;
    } else if (c === quote) {
      quote = "";
    } else {
      text += c;
    }
  }
  if (quote === '"' && !lenient) throw new CommandError('missing "');
  return { type: "word", text, start, end: Math.min(at, source.length), openQuote: quote };
}
