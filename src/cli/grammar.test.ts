/** The grammar, against the real virsh: same output, same errors, same exit code. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { tsvirt, virsh, virshMissing } from "./virsh.test.support.ts";

/** Command lines whose outcome depends on no hypervisor. */
const commandLines: readonly (readonly string[])[] = [
  ["echo a ; foo; echo b"],
  ["echo a; cd /tmp; echo b"],
  ["echo", "a", ";", "list"],
  ["echo", "a;b"],
  [`echo a  "b  c" 'd"e' f\\ g "h\\"i\\\\j\\k"`],
  ["echo a#b #c d"],
  ["echo", "--shell", "a b", "c$", "it's", "", "~", "{a}", "a!b", "^", "a=b", "%", "@:/.+,_", "é"],
  [`echo --xml "a<b&" c'"' "d'>"`],
  ["echo --split a,b,,c d,e"],
  ["echo", "--split", ",,,", "a,,", ",b"],
  ["echo --split"],
  ["echo --err a b"],
  ["echo --shell --split a"],
  ["echo --xml --shell a"],
  ["echo --hi a"],
  ["echo --str a b"],
  ["echo --string a b"],
  [""],
  [" "],
  [";"],
  ["#x"],
  ["#x", "y"],
  ["", "y"],
  ["echo a\necho b"],
  ["echo a\n  # b\n echo c"],
  ["echo", "a", "", "c"],
  ['echo "" b'],
  ["echo a\\\nb"],
  ['echo "a\\\nb"'],
  ["echo 'a\\\nb'"],
  ["echo 'abc"],
  ["echo abc\\"],
  ['echo "abc'],
  ['echo "a\\'],
  ['echo a;echo "b'],
  ['foo "x'],
  ["echo a;;echo b"],
  ["echo -- --shell"],
  ["echo", "--", "--shell", "--"],
  ["echo", "-a", "--zz"],
  ["echo", "---"],
  ["echo", "--é"],
  ["echo", "--_a"],
  ["echo", "--1"],
  ["echo", "-", "-a"],
  ["echo", "--shell=1"],
  ["echo", "--shell", "--shell"],
  ["echo", "--help=3"],
  ["connect", "--name"],
  ["connect", "--name=x", "--name=y"],
  ["connect", "x", "y"],
  ["exit 3"],
  ["quit; echo a"],
  ["echo a; exit; echo b"],
  ["pwd"],
  ["pwd x"],
  ["cd /tmp"],
  ["help nosuch"],
  ["-q", "echo a"],
  ["-q", "pwd"],
  ["-q", "cd"],
  ["--bogus"],
  ["-z", "list"],
  ["-qrz"],
  ["--quiet=3"],
  ["-c"],
  ["--connect"],
  ["-d"],
  ["-d", "x", "pwd"],
  ["-d", "5", "pwd"],
  ["-d", "-1", "pwd"],
  ["-e", "ab", "pwd"],
  ["-e", "^1", "pwd"],
  ["-e", "^", "pwd"],
  ["-k", "x"],
  ["-k", "-1"],
  ["-k", "99999999999", "pwd"],
  ["-K", "x"],
  ["--k"],
  ["--keepalive-interval"],
  ["--keep=1"],
  ["-l", "/nonexistent/x", "pwd"],
  ["--", "pwd"],
  ["-"],
];

/** Lines typed into a session. */
const sessions: readonly string[] = [
  "echo a\nfoo\npwd\n",
  "echo a",
  "pwd\nquit\npwd",
  "echo b ; foo ; echo c\n# comment\n\n  ; ;\necho \\\nz\n",
  "cd /nonexistent\ncd /tmp\npwd\ncd /tmp x\nhelp bogus\n",
  "",
];

describe("the same as virsh", async () => {
  const skip = await virshMissing();
  const folder = process.cwd();
  before(() => process.chdir(folder));

  for (const argv of commandLines) {
    test(JSON.stringify(argv), { skip }, async () => {
      assert.deepEqual(await tsvirt(argv), await virsh(argv));
    });
  }

  for (const quiet of [[], ["-q"], ["-r"]]) {
    for (const stdin of sessions) {
      test(`session ${quiet} ${JSON.stringify(stdin)}`, { skip }, async () => {
        const expected = await virsh(quiet, { stdin });
        const actual = await tsvirt(quiet, { stdin });
        process.chdir(folder);
        assert.deepEqual(actual, { ...expected, stdout: inTsvirtsName(expected.stdout) });
      });
    }
  }
});

/** What virsh prints, had it tsvirt's name and welcome. */
function inTsvirtsName(output: string): string {
  return output
    .replace("virsh, the virtualization interactive terminal.", "tsvirt, the shell for virtual machines.")
    .replace(/^virsh (?=[#>])/gm, "tsvirt ")
    .replace(/(?<=[^\n])virsh (?=[#>])/g, "tsvirt ");
}

test("timing follows each command", async () => {
  const { stdout } = await tsvirt(["-t", "echo a; pwd"]);
  assert.match(stdout, /^a\n\(Time: \d+\.\d{3} ms\)\n\n\/.*\n\n\(Time: \d+\.\d{3} ms\)\n\n$/);
});
