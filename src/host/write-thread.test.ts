import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { isTemporary } from "./durable.ts";
import { WriteThread } from "./write-thread.ts";
import type { FileToWrite } from "./write-thread-body.ts";

const folder = await mkdtemp(join(tmpdir(), "tsvirt-write-"));
after(() => rm(folder, { recursive: true }));

function file(path: string, data = path): FileToWrite {
  return { path: join(folder, path), temporary: join(folder, `${path}.new`), data, mode: 0o640 };
}

async function begun(context: TestContext): Promise<WriteThread> {
  const thread = new WriteThread();
  // A thread that begins keeps no program waiting.
  const hold = setInterval(() => {}, 1000);
  context.after(() => {
    clearInterval(hold);
    return thread.end();
  });
  await thread.begin();
  assert.ok(thread.ready);
  return thread;
}

test("a batch is written, and of those that fail each fails alone", async (context) => {
  const thread = await begun(context);
  await mkdir(join(folder, "taken/inside"), { recursive: true });
  const good = Array.from({ length: 200 }, (_, index) => file(`good${index}`));
  const bad = [file("missing/x"), file("taken"), file("\0")];
  const results = await Promise.allSettled([...bad, ...good].map((one) => thread.write(one)));
  const reasons = results.map((result) => (result.status === "rejected" ? result.reason.code : result.value));
  assert.deepEqual(reasons, ["ENOENT", "EISDIR", "ERR_INVALID_ARG_VALUE", ...good.map(() => true)]);
  for (const { path, data } of good) assert.equal(await readFile(path, "utf8"), data);
  assert.equal((await stat(join(folder, "good0"))).mode & 0o777, 0o640);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.endsWith(".new")),
    [],
  );
});

test("what a thread that has gone did not write is given back", async (context) => {
  const thread = await begun(context);
  const writes = Array.from({ length: 300 }, (_, index) => thread.write(file(`lost${index}`)));
  await thread.end();
  assert.ok((await Promise.all(writes)).includes(false));
  assert.equal(await thread.write(file("late")), false);
  await thread.begin();
  assert.equal(await thread.write(file("again")), true);
});

/** A program that uses a module beside this one. */
function program(module: "durable" | "write-thread", script: string, wrapper: readonly string[] = []): ChildProcess {
  const url = JSON.stringify(import.meta.url.replace(/write-thread\.test\.([jt]s)$/, `${module}.$1`));
  const text = `import(${url}).then(async ({ writeDurably, WriteThread }) => {
    const write = (path, data) => writeDurably(path, data, { domain: "QEMU" });
    ${script}
  })`;
  const [command = "", ...args] = [...wrapper, process.execPath, ...process.execArgv, "-e", text];
  return spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
}

async function output({ stdout }: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of stdout ?? []) text += chunk;
  return text;
}

test("the thread does not keep a program that has nothing to write", async () => {
  const path = JSON.stringify(join(folder, "ended"));
  const child = program(
    "durable",
    `for (let round = 0; round < 20; round++)
    await Promise.all([..."abcdefgh"].map((name) => write(${path} + name, name)));`,
  );
  assert.deepEqual(await once(child, "exit"), [0, null]);
});

test("a program that is killed leaves files that are whole, and those it spoke of", async () => {
  const place = join(folder, "killed");
  await mkdir(place);
  const child = program(
    "durable",
    `let count = 0;
    await Promise.all(Array.from({ length: 16 }, async () => {
      for (;;) {
        const name = "f" + count++;
        await write(${JSON.stringify(place)} + "/" + name, name.repeat(2000));
        process.stdout.write(name + "\\n");
      }
    }));`,
  );
  let told = "";
  for await (const chunk of child.stdout ?? []) {
    told += chunk;
    // Late enough for the thread to be at it.
    if (told.length > 4000) child.kill("SIGKILL");
  }
  const names = (await readdir(place)).filter((name) => !isTemporary(name));
  for (const name of names) assert.equal(await readFile(join(place, name), "utf8"), name.repeat(2000));
  const lost = told
    .split("\n")
    .slice(0, -1)
    .filter((name) => !names.includes(name));
  assert.deepEqual(lost, []);
});

const skipWithoutMounts =
  spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0
    ? false
    : "a file system of its own needs root and mount namespaces";

test("a disk that is full refuses what finds no room, and nothing else", { skip: skipWithoutMounts }, async () => {
  const child = program(
    "write-thread",
    `require("node:child_process").execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"]);
    const hold = setInterval(() => {}, 1000);
    const thread = new WriteThread();
    await thread.begin();
    const put = (size, at) =>
      thread.write({ path: "/mnt/f" + at, temporary: "/mnt/t" + at, data: "x".repeat(size), mode: 0o600 });
    const results = await Promise.allSettled([1, 1, 2 ** 21, 1, 2 ** 21, 1].map(put));
    console.log(JSON.stringify(results.map(({ reason }) => reason?.code ?? 0)));
    console.log(require("node:fs").readdirSync("/mnt").join());
    clearInterval(hold);`,
    ["unshare", "-m"],
  );
  assert.equal(await output(child), '[0,0,"ENOSPC",0,"ENOSPC",0]\nf0,f1,f3,f5\n');
});
