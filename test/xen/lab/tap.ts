/** What the tests inside said: each file's outermost TAP lines. */

export interface InnerTest {
  readonly file: string;
  readonly name: string;
  readonly ok: boolean;
  /** Why it was skipped; null when it was not. */
  readonly skipped: string | null;
  /** What was said of its failure. */
  readonly detail: string;
}

export interface InnerResults {
  readonly tests: readonly InnerTest[];
  /** Files that did not come to their end, or failed as a whole. */
  readonly broken: readonly string[];
  /** Whether all came to the end. */
  readonly done: boolean;
}

const outcome = /^(not )?ok \d+ - (.*?)(?: # (SKIP|TODO)\b ?(.*))?$/;

export function readResults(text: string): InnerResults {
  const tests: { -readonly [K in keyof InnerTest]: InnerTest[K] }[] = [];
  const broken: string[] = [];
  let file: string | null = null;
  let done = false;
  let planned = false;
  for (const line of text.split(/\r?\n/)) {
    const [, started] = /^# file (\S+)$/.exec(line) ?? [];
    const [, ended, code] = /^# end (\S+) (\d+)$/.exec(line) ?? [];
    if (started !== undefined) {
      file = started;
      planned = false;
    } else if (ended !== undefined) {
      const failed = tests.some((test) => test.file === ended && !test.ok);
      if (!planned) broken.push(`${ended} ended before all of its tests, with exit code ${code}`);
      else if (code !== "0" && !failed) broken.push(`${ended} ended with exit code ${code}`);
      file = null;
    } else if (line === "# done") done = true;
    else if (/^1\.\.\d+$/.test(line)) planned = true;
    else if (file !== null) takeLine(line, file, tests);
  }
  if (file !== null) broken.push(`${file} did not come to its end`);
  return { tests, broken, done };
}

function takeLine(line: string, file: string, tests: { -readonly [K in keyof InnerTest]: InnerTest[K] }[]): void {
  const match = outcome.exec(line);
  const last = tests.at(-1);
  if (!match) {
    if (last && !last.ok && /^ /.test(line)) last.detail += `${line}\n`;
    return;
  }
  const [, not, name = "", directive, why = ""] = match;
  tests.push({ file, name, ok: not === undefined, skipped: directive === undefined ? null : why, detail: "" });
}
