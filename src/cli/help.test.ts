/** Help, against the real virsh: the same commands in the same groups, with the same options; the words are our own. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { JSON_OPTION } from "./command.ts";
import { commandsOf } from "./command-set.ts";
import { shellTable } from "./table.ts";
import { tsvirt, virsh, virshMissing } from "./virsh.test.support.ts";

/** One command's help, without the words that explain. */
interface Manual {
  readonly synopsis: string;
  readonly options: readonly string[];
}

/** `help A; help B` -> the manual of each. */
function manuals(text: string): Map<string, Manual> {
  const found = new Map<string, Manual>();
  for (const page of text.split(/^ {2}NAME\n/m).slice(1)) {
    const name = /^ {4}(\S+) - /.exec(page)?.[1] as string;
    const synopsis = /^ {2}SYNOPSIS\n {4}(.*)$/m.exec(page)?.[1] ?? "";
    const [, options = ""] = page.split(/^ {2}OPTIONS\n/m);
    const terms = options.split("\n").filter((line) => line.startsWith("    "));
    found.set(name, {
      synopsis: synopsis.replace(` [--${JSON_OPTION}]`, ""),
      options: terms.map(termOf).filter((term) => term !== `--${JSON_OPTION}`),
    });
  }
  return found;
}

/** `    --domain <string>  which one` -> `--domain <string>`. */
function termOf(line: string): string {
  return line.slice(4).split("  ", 1)[0] as string;
}

/** The headings and names that `help` lists. */
function index(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith(" "))
    .map((line) => (line.startsWith("    ") ? (line.trim().split(" ", 1)[0] as string) : line.trim()));
}

describe("help", async () => {
  const skip = await virshMissing();
  let expected = new Map<string, Manual>();
  let actual = new Map<string, Manual>();
  const names = (await Promise.all(shellTable.groups.map(commandsOf))).flat().map(({ name }) => name);

  before(async () => {
    if (skip) return;
    const line = names.map((name) => `help ${name}`).join(";");
    expected = manuals((await virsh([line])).stdout);
    actual = manuals((await tsvirt([line])).stdout);
  });

  test("lists virsh's commands in virsh's groups", { skip }, async () => {
    const theirs = index((await virsh(["help"])).stdout);
    const ours = index((await tsvirt(["help"])).stdout);
    assert.deepEqual(
      ours,
      theirs.map((line) => line.replace("Virsh itself", "Tsvirt itself")),
    );
  });

  for (const name of names) {
    test(name, { skip }, () => assert.deepEqual(actual.get(name), expected.get(name)));
  }

  for (const topic of [[], ["domain"], ["list"], ["quit"], ["--help"]]) {
    test(`has virsh's layout: help ${topic}`, { skip }, async () => {
      const [ours, theirs] = await Promise.all([tsvirt(["help", ...topic]), virsh(["help", ...topic])]);
      assert.deepEqual(shape(ours.stdout), shape(theirs.stdout));
      assert.deepEqual([ours.stderr, ours.code], [theirs.stderr, theirs.code]);
    });
  }
});

/** Every line's indent and whether it holds anything, with the lines that only we have left out. */
function shape(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith(`--${JSON_OPTION} `))
    .map((line) => `${/^ */.exec(line)?.[0]}${line.trim() === "" ? "" : "x"}`);
}
