/** The package as a program gets it: packed, unpacked, compiled against with everything strict, run. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The project's folder, from its sources or from what they were compiled to. */
function projectFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

const program = `
import { type Connection, DomainCreateFlags, isLibvirtError, open, silenceErrors } from "tsvirt";

silenceErrors();
await using conn: Connection = await open("test:///default");
const events = conn.events({ kinds: ["domain"] });
const xml = "<domain type='test'><name>a</name><memory>1024</memory><os><type>hvm</type></os></domain>";
const domain = await conn.defineXML(xml);
await domain.createWithFlags(DomainCreateFlags.START_PAUSED, { timeout: 1000 });
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

test("a strict program compiles against the package and runs", async (t) => {
  const project = projectFolder();
  const modules = join(project, "node_modules");
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-package-"));
  t.after(() => rm(folder, { recursive: true }));
  const { stdout: packed } = await run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], {
    cwd: project,
  });
  const installed = join(folder, "node_modules", "tsvirt");
  await mkdir(installed, { recursive: true });
  await run("tar", ["-xzf", join(folder, packed.trim()), "-C", installed, "--strip-components=1"]);
  for (const name of ["saxes", "xmlchars", "@types"]) {
    await symlink(join(modules, name), join(folder, "node_modules", name));
  }
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(configuration));
  await writeFile(join(folder, "program.ts"), program);
  await run(join(modules, ".bin", "tsc"), ["-p", folder]).catch((error: { readonly stdout: string }) => {
    assert.fail(error.stdout);
  });
  const { stdout } = await run(process.execPath, [join(folder, "program.js")]);
  assert.equal(stdout, "a started booted 1024n\nDomain not found: no domain with matching name 'no'\n");
});
