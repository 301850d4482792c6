/** The generator of the Python binding: what it refuses, and whether what it makes has the official module's names. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { documentOf, filesOf } from "../../../tools/api/files.ts";
import { projectRoot } from "../../helpers/project.ts";
import { python, withoutPython } from "../../remote/libvirtd.ts";
import { bindingSource, generate, pythonPackage } from "./package.ts";

const run = promisify(execFile);
const skip = existsSync(python) ? false : `${python} is not there`;
const made = ["_description.py", "_constants.py", "_classes.py", "_aio_classes.py", "tsvirtclass.txt"];

/** A folder with what of the binding is written by hand, and nothing that was made. */
function handWritten(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "tsvirt-generator-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(bindingSource, folder, { recursive: true });
  for (const name of made) rmSync(join(folder, "tsvirt", name), { force: true });
  return folder;
}

test("a generator that does not know something stops with its name, and writes nothing", { skip }, async (t) => {
  const folder = handWritten(t);
  const text = filesOf(documentOf(projectRoot))["api.xml"];
  const changes: readonly (readonly [from: string, to: string, named: RegExp])[] = [
    ["<programs>", "<novelties/>\n<programs>", /<novelties>/],
    ["<limits>", '<limits since="1.0.0">', /'since' of <limits>/],
    ['<argument name="dom" ', '<argument name="dom" twice="yes" ', /'twice' of <argument name='dom'>/],
    ["<uhyper/>", "<quad/>", /<quad>/],
    ['role="opaque"', 'role="murky"', /murky/],
    ['kind="attribute"', 'kind="quality"', /quality/],
    ["<functions>", "<functions>\n<procedure/>", /<procedure>/],
  ];
  for (const [from, to, named] of changes) {
    const changed = text.replace(from, to);
    assert.notEqual(changed, text);
    const api = join(folder, "changed.xml");
    writeFileSync(api, changed);
    await assert.rejects(generate(folder, api), (error: { readonly stderr: string }) => {
      assert.match(error.stderr, named);
      return true;
    });
    const files = await readdir(join(folder, "tsvirt"));
    assert.deepEqual(
      files.filter((file) => made.includes(file)),
      [],
      to,
    );
  }
});

/** Why the official module has what ours has not. */
const lacking: readonly (readonly [names: RegExp, reason: string])[] = [
  [/\.c_pointer$/, "there is no C object to point to"],
  [/^VIR_DOMAIN_MEMORY_STAT_(LAST|NR)$/, "how many there are changes with each release"],
  [/WithFiles$|FDAssociate$|openGraphics(FD)?$/, "open files do not travel through this runtime yet"],
];

test("the classes have every name of the official module", { skip: withoutPython() }, async () => {
  const script = join(projectRoot, "test", "bindings", "python", "names.py");
  const { stdout } = await run(python, ["-B", script, await pythonPackage()]);
  const differences = (JSON.parse(stdout) as string[]).filter((difference) => {
    const [, name = ""] = /^(\S+) is not there$/.exec(difference) ?? [];
    return !lacking.some(([names]) => name !== "" && names.test(name));
  });
  assert.deepEqual(differences, []);
});

test("a list beside the package tells which method each function of C became", { skip }, async () => {
  const listing = await readFile(join(await pythonPackage(), "tsvirt", "tsvirtclass.txt"), "utf8");
  const { functions } = documentOf(projectRoot);
  for (const { name, module } of functions) {
    if (/^libvirt-(admin|qemu|lxc)$/.test(module)) continue;
    assert.match(listing, new RegExp(`^ {4}${name} `, "m"));
  }
  assert.match(listing, /^ {4}virDomainGetXMLDesc +XMLDesc$/m);
  assert.match(listing, /^ {4}virConnectListAllDomains +listAllDomains$/m);
});

test("the package installs from its folder and from a wheel, and is typed", { skip }, async (t) => {
  const installer = await run(python, ["-m", "pip", "--version"]).catch(() => null);
  const builder = await run(python, ["-c", "import setuptools, wheel"]).catch(() => null);
  if (installer === null || builder === null) return t.skip("pip, setuptools and wheel of Debian are not installed");
  const folder = mkdtempSync(join(tmpdir(), "tsvirt-pip-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const source = join(folder, "source");
  cpSync(await pythonPackage(), source, { recursive: true });
  const offline = ["--no-build-isolation", "--no-deps", "--no-index", "--no-cache-dir", "--disable-pip-version-check"];
  const env = { ...process.env, HOME: folder, PIP_ROOT_USER_ACTION: "ignore" };
  await run(python, ["-m", "pip", "wheel", ...offline, "-w", folder, source], { env });
  const [wheel = ""] = (await readdir(folder)).filter((file) => file.endsWith(".whl"));
  assert.match(wheel, /^tsvirt-.*-py3-none-any\.whl$/);
  for (const [from, place] of [
    [join(folder, wheel), "wheel"],
    [source, "folder"],
  ] as const) {
    const target = join(folder, place);
    await run(python, ["-m", "pip", "install", ...offline, "--target", target, from], { env });
    const ask = "import tsvirt, tsvirt.aio; print(tsvirt.__file__, tsvirt.VIR_DOMAIN_RUNNING)";
    const { stdout } = await run(python, ["-B", "-c", ask], { env: { ...env, PYTHONPATH: target }, cwd: folder });
    assert.match(stdout, new RegExp(`^${target}/.* 1\\n$`));
    for (const file of ["py.typed", "tsvirtclass.txt"]) assert.ok(existsSync(join(target, "tsvirt", file)), file);
  }
});
