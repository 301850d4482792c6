/** The package as a program gets it: packed, unpacked, compiled against with everything strict, run. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { projectRoot } from "../helpers/project.ts";

const run = promisify(execFile);

const program = `
import { type Connection, DomainCreateFlags, isLibvirtError, open, silenceErrors } from "tsvirt";

silenceErrors();
await using conn: Connection = await open("test:///default");
const events = conn.events({ kinds: ["domain"] });
const xml = "<domain type='test'><name>a</name><memory>1024</memory><os><type>hvm</type></os></domain>";
const domain = await conn.defineXML(xml);
await domain.createWithFlags(DomainCreateFlags.START_PAUSED, { timeout: 60_000 });
const kib: bigint = (await domain.info()).memory;
for await (const event of events) {
  if (event.type !== "lifecycle" || event.event !== "started") continue;
  console.log(event.domain.name(), event.event, event.detail, kib);
  break;
}
await conn.lookupByName("no").catch((error: unknown) => {
  console.log(isLibvirtError(error, "NO_DOMAIN") ? error.message : "another error");
});
`;

const configuration = {
  compilerOptions: {
    target: "es2022",
    lib: ["es2023", "esnext.disposable"],
    module: "nodenext",
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
  },
};

/** A folder in which the packed project lies as npm would install it. */
async function installed(t: TestContext): Promise<string> {
  const project = projectRoot;
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-package-"));
  t.after(() => rm(folder, { recursive: true }));
  const { stdout: packed } = await run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], {
    cwd: project,
  });
  const own = join(folder, "node_modules", "tsvirt");
  await mkdir(own, { recursive: true });
  await run("tar", ["-xzf", join(folder, packed.trim()), "-C", own, "--strip-components=1"]);
  for (const name of ["saxes", "xmlchars", "@types"]) {
    await symlink(join(project, "node_modules", name), join(folder, "node_modules", name));
  }
  return folder;
}

test("the package holds what is needed to use it, and runs the shell", async (t) => {
  const own = join(await installed(t), "node_modules", "tsvirt");
  const files = await readdir(own, { recursive: true });
  assert.deepEqual(
    files.filter((file) => /\.test\.|\.map$|golden|conformance|dist\/(test|bench|examples|src\/cli)\b/.test(file)),
    [],
  );
  for (const file of ["api.xml", "api.json", "api.rng"]) assert.ok(files.includes(`api/${file}`), file);
  const { stdout } = await run(join(own, "bin", "tsvirt"), ["-c", "test:///default", "list", "--name"]);
  assert.equal(stdout.trim(), "test");
});

test("a strict program compiles against the package and runs", async (t) => {
  const folder = await installed(t);
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(configuration));
  await writeFile(join(folder, "program.ts"), program);
  await run(join(projectRoot, "node_modules", ".bin", "tsc"), ["-p", folder]).catch(
    (error: { readonly stdout: string }) => {
      assert.fail(error.stdout);
    },
  );
  const { stdout } = await run(process.execPath, [join(folder, "program.js")]);
  assert.equal(stdout, "a started booted 1024n\nDomain not found: no domain with matching name 'no'\n");
});
