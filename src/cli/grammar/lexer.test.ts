import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { tokenize, wordsOf } from "./lexer.ts";

function texts(source: string): string[] {
  return [...tokenize(source)].map((token) => (token.type === "word" ? token.text : ";"));
}

test("blanks separate words, semicolons and newlines separate commands", () => {
  assert.deepEqual(texts("  list\t--all ;start a\nb"), ["list", "--all", ";", "start", "a", ";", "b"]);
});

test("quotes and backslashes as in a shell", () => {
  assert.deepEqual(texts(String.raw`"a b" 'c\d' e\ f "g\"h" a;b";"c`), ["a b", "c\\d", "e f", 'g"h', "a", ";", "b;c"]);
  assert.deepEqual(texts("a\\\nb \\\n c \"d\\\ne\" 'f\\\ng'"), ["ab", "c", "de", "f\\\ng"]);
  assert.deepEqual(texts("'' \"\""), ["", ""]);
});

test("a comment begins at the start of a word and ends with its line", () => {
  assert.deepEqual(texts("a #b ; c\nd#e"), ["a", ";", "d#e"]);
});

test("a missing single quote is forgiven, a missing double quote is not", () => {
  assert.deepEqual(texts("'abc"), ["abc"]);
  assert.throws(() => texts('"abc'), { message: 'missing "' });
  assert.throws(() => texts("abc\\"), { message: "dangling \\" });
  assert.throws(() => texts('"abc\\'), { message: "dangling \\" });
});

test("words come before an error behind them", () => {
  const tokens = tokenize('good "bad');
  assert.equal((tokens.next().value as { text: string }).text, "good");
  assert.throws(() => tokens.next());
});

test("lenient reading takes what is unfinished, and says where it began", () => {
  const last = [...tokenize('dominfo "my d', { lenient: true })].at(-1);
  assert.deepEqual(last, { type: "word", text: "my d", start: 8, end: 13, openQuote: '"' });
  assert.equal([...tokenize("a\\", { lenient: true })].length, 1);
});

test("any words survive quoting", () => {
  const quote = (word: string) => `'${word.replaceAll("'", `'"'"'`)}'`;
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
      assert.deepEqual(texts(words.map(quote).join(" ")), words);
    }),
  );
});

test("words from the system's shell are taken literally, but for a leading comment", () => {
  assert.deepEqual(
    [...wordsOf(["a;b", "#c"])].map((token) => token.type === "word" && token.text),
    ["a;b", "#c"],
  );
  assert.deepEqual([...wordsOf(["#a", "b"])], []);
});
