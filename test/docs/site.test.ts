/** The reference documentation: whole, with no dead end, and with examples that fit what they show. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { documentOf } from "../../tools/api/files.ts";
import { receivers, textOf } from "../../tools/docs/examples/example.ts";
import type { Entry } from "../../tools/docs/model/reference.ts";
import { buildSite, type Site, writeSite } from "../../tools/docs/site.ts";
import { pythonPackage } from "../bindings/python/package.ts";
import { codeBlocks } from "../helpers/code-blocks.ts";
import { projectRoot } from "../helpers/project.ts";
import { python } from "../remote/libvirtd.ts";
import { Chromium, withoutChromium } from "./chromium.ts";

const run = promisify(execFile);
const skip = existsSync(python) ? false : `${python} is not there`;

/** What else examples have at hand, beside the objects. */
const atHand = `declare const destination: Connection; declare const callbackID: number;
declare const error: LibvirtError; declare const password: string; declare const demo: DriverModule;`;

describe("the reference documentation", { skip }, () => {
  let site: Site;
  let pythonFolder: string;
  let entries: readonly Entry[];

  before(async () => {
    pythonFolder = await pythonPackage();
    site = buildSite({ project: projectRoot, api: documentOf(projectRoot), pythonPackage: pythonFolder, python });
    entries = [...site.reference.classes.flatMap((each) => each.entries), ...site.reference.functions];
  });

  test("every method of the API has its entry, with an example in each language that has it", () => {
    const shown = new Set(entries.flatMap(({ functions }) => functions.map(({ name }) => name)));
    for (const { function: unbound } of site.reference.unbound) shown.add(unbound.name);
    const missing = site.reference.api.functions.filter(({ name }) => !shown.has(name)).map(({ name }) => name);
    assert.deepEqual(missing, []);
    for (const entry of entries) {
      const { typescript, python: ours } = site.examples(entry);
      assert.notEqual(typescript.code, "");
      assert.ok(ours.length > 0 || entry.functions.length === 0 || entry.withoutPython, entry.name);
    }
  });

  test("every link leads somewhere", () => {
    const wrong: string[] = [];
    const anchors = new Map<string, ReadonlySet<string>>();
    for (const [path, text] of site.files) {
      anchors.set(path, new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id = ""]) => id)));
    }
    for (const [path, text] of site.files) {
      if (!path.endsWith(".html")) continue;
      for (const [, href = ""] of text.matchAll(/ (?:href|src)="([^"]+)"/g)) {
        if (/^(https?|data):/.test(href)) continue;
        const [file = "", fragment] = href.replaceAll("&amp;", "&").split("#");
        const target = file === "" ? path : posix.normalize(posix.join(posix.dirname(path), file));
        const known = anchors.get(target);
        if (!known || (fragment && !known.has(fragment))) wrong.push(`${path}: ${href}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test("no element of a page is left open, and no identifier stands twice", () => {
    for (const [path, text] of site.files) if (path.endsWith(".html")) checkElements(path, text);
  });

  test("the examples in TypeScript and the guides' programs are what the compiler takes", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "tsvirt-examples-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const objects = Object.entries(receivers).map(([name, { typescript }]) => `declare const ${typescript}: ${name};`);
    const classes = Object.keys(receivers).join(", ");
    const given = `import type { ${classes}, DriverModule, LibvirtError } from "tsvirt";\n${atHand}\n${objects.join("\n")}\n`;
    for (const [at, entry] of entries.entries()) {
      const { imports, code } = site.examples(entry).typescript;
      const name = `${at}-${entry.class ?? ""}-${entry.name}.ts`;
      writeFileSync(join(folder, name), `${imports.join("\n")}\n${given}\n{\n${code}\n}\n`);
    }
    const guides = join(projectRoot, "docs", "guides");
    for (const name of readdirSync(guides)) {
      const programs = codeBlocks(readFileSync(join(guides, name), "utf8")).filter(({ language }) => language === "ts");
      for (const [at, { text }] of programs.entries()) writeFileSync(join(folder, `guide-${at}-${name}.ts`), text);
    }
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: join(projectRoot, "tsconfig.json"),
        compilerOptions: {
          ...{ noEmit: true, incremental: false, composite: false, noUnusedLocals: false, rootDir: "/" },
          ...{ types: ["node"], typeRoots: [join(projectRoot, "node_modules", "@types")] },
          paths: { tsvirt: [join(projectRoot, "src", "api", "index.ts")] },
        },
        include: [join(folder, "*.ts")],
      }),
    );
    const compiler = join(projectRoot, "node_modules", "typescript", "bin", "tsc");
    const outcome = await run(process.execPath, [compiler, "-p", folder]).catch((error) => error as { stdout: string });
    assert.equal(outcome.stdout, "");
  });

  test("the examples in Python are calls that the package has", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "tsvirt-examples-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const all = entries.flatMap((entry) =>
      site.examples(entry).python.map(({ method, example }) => ({
        label: `${method.class ?? "module"}.${method.method}`,
        owner: method.class,
        method: method.method,
        text: textOf(example),
      })),
    );
    writeFileSync(join(folder, "examples.json"), JSON.stringify(all));
    const script = join(projectRoot, "test", "docs", "examples.py");
    const { stdout } = await run(python, ["-B", script, pythonFolder, join(folder, "examples.json")]);
    assert.equal(stdout, "");
    assert.ok(all.length > 400, `${all.length} examples`);
  });

  test("it is read in a browser, from files, narrow too, and searched by keys", {
    skip: withoutChromium,
  }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "tsvirt-site-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    writeSite(site, folder);
    await using browser = await Chromium.start();
    const address = (path: string) => pathToFileURL(join(folder, path)).href;
    await browser.look(360, 740);
    for (const path of ["index.html", "classes/Domain.html", "reference/constants.html", "guides/first-machine.html"]) {
      await browser.open(address(path));
      const [width, room] = await browser.evaluate<[number, number]>(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
      );
      assert.ok(width <= room, `${path} is ${width} wide where ${room} is there`);
    }
    await browser.look(1280, 900);
    await browser.open(address("index.html"));
    await browser.press("/");
    for (const letter of "virDomainGetXMLDesc") await browser.press(letter);
    const found = await browser.evaluate<string>(`new Promise((resolve) => {
      const results = document.getElementById("results");
      const look = () => results.querySelector("[role=option]") && resolve(results.textContent);
      new MutationObserver(look).observe(results, { childList: true, subtree: true });
      look();
    })`);
    assert.match(found, /virDomainGetXMLDesc/);
    const loaded = browser.loaded();
    await browser.press("Enter");
    await loaded;
    const place = await browser.evaluate<string>("location.pathname + location.hash");
    assert.match(place, /\/classes\/Domain\.html#xmlDesc$/);
  });
});

const empty = new Set(["meta", "link", "br", "hr", "input", "img", "wbr"]);

function checkElements(path: string, text: string): void {
  const open: string[] = [];
  const ids = new Set<string>();
  for (const [, closing, name = "", attributes = ""] of text.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)>/g)) {
    const id = / id="([^"]+)"/.exec(attributes)?.[1];
    if (id !== undefined) {
      assert.ok(!ids.has(id), `${path}: ${id} stands twice`);
      ids.add(id);
    }
    if (closing) assert.equal(open.pop(), name, path);
    else if (!empty.has(name)) open.push(name);
  }
  assert.deepEqual(open, [], path);
}
