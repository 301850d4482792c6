/**
 * Session mode with the real programs: the first one who opens qemu:///session finds no daemon and starts one, however
 * many first ones there are; it ends by itself; guests outlive it.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { projectRoot } from "../helpers/project.ts";
import { skipWithoutQemu } from "../helpers/qemu.ts";
import { writeTinyGuest } from "../helpers/tiny-guest.ts";
import { withoutLibvirtd } from "../remote/libvirtd.ts";

/** Root has the machine's daemon for its own, so a user is needed: nobody, when root runs the tests. */
const asUser = process.geteuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const bin = join(projectRoot, "bin");

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { ...asUser, cwd: "/", env: { PATH: process.env.PATH, ...env }, timeout: 180_000 };
    const child = execFile(program, [...argv], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
    child.stdin?.end();
  });
}

const { code, stderr } = await run(join(bin, "tsvirt"), ["-v"], {});
const skip = code === 0 ? false : `a user cannot run the shell from this folder: ${stderr.split("\n")[0]}`;

/** A user with an empty home, on whose behalf programs are run; the daemon's starts are counted. */
class User {
  readonly home: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(home: string) {
    this.home = home;
    this.#env = { HOME: home, XDG_RUNTIME_DIR: join(home, "run"), TSVIRTD_PATH: join(home, "start") };
  }

  /** @param words what the daemon is told beside what its starter says */
  static async create(t: TestContext, words = ""): Promise<User> {
    const user = new User(await mkdtemp(join(tmpdir(), "tsv-")));
    t.after(() => user.#remove());
    await mkdir(join(user.home, "run"));
    const script = `#!/bin/sh\necho started >>"$HOME/starts"\nexec ${join(bin, "tsvirtd")} "$@" ${words}\n`;
    await writeFile(join(user.home, "start"), script);
    await chmod(join(user.home, "start"), 0o755);
    const { uid, gid } = asUser;
    if (uid !== undefined) for (const path of ["", "run"]) await chown(join(user.home, path), uid, gid);
    return user;
  }

  tsvirt(words: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return run(join(bin, "tsvirt"), words.split(" "), { ...this.#env, ...env });
  }

  program(name: string, ...argv: readonly string[]): Promise<Outcome> {
    return run(name, argv, this.#env);
  }

  /** How many times a daemon was started. */
  async starts(): Promise<number> {
    const text = await readFile(join(this.home, "starts"), "utf8").catch(() => "");
    return text.split("\n").length - 1;
  }

  get pidFile(): string {
    return join(this.home, "run", "libvirt", "tsvirtd.pid");
  }

  async daemon(): Promise<number | undefined> {
    const text = await readFile(this.pidFile, "utf8").catch(() => "");
    return text === "" ? undefined : Number(text);
  }

  async #remove(): Promise<void> {
    const pid = await this.daemon();
    const gone = this.daemonGone();
    if (pid !== undefined) process.kill(pid, "SIGTERM");
    await gone;
    await rm(this.home, { recursive: true, force: true });
  }

  /** Waits for the end of the daemon, which removes its file then. */
  async daemonGone(): Promise<void> {
    const folder = join(this.home, "run", "libvirt");
    await mkdir(folder, { recursive: true });
    const watcher = watch(folder);
    try {
      for (let change = once(watcher, "change"); (await this.daemon()) !== undefined; ) {
        await change;
        change = once(watcher, "change");
      }
    } finally {
      watcher.close();
    }
  }
}

test("ten first ones start one daemon, which real virsh finds too", { skip }, async (t) => {
  const user = await User.create(t);
  const openers = Array.from({ length: 10 }, () => user.tsvirt("uri"));
  for (const outcome of await Promise.all(openers)) {
    assert.deepEqual(outcome, { code: 0, stdout: "qemu:///session\n\n", stderr: "" });
  }
  assert.equal(await user.starts(), 1);
  const virshs = await user.program("virsh", "-c", "qemu:///session", "uri");
  if (virshs.code >= 0) assert.equal(virshs.stdout, "qemu:///session\n\n");
  assert.equal(await user.starts(), 1);
});

test("a libvirtd that runs is used, and nothing is started", { skip: skip || withoutLibvirtd() }, async (t) => {
  const user = await User.create(t);
  const folder = join(user.home, "run", "libvirt");
  const started = await user.program("/usr/sbin/libvirtd", "--daemon", "--timeout", "60");
  assert.equal(started.code, 0, started.stderr);
  try {
    const { code, stdout } = await user.tsvirt("uri");
    assert.deepEqual([code, stdout], [0, "qemu:///session\n\n"]);
    assert.equal(await user.starts(), 0);
  } finally {
    process.kill(Number(await readFile(join(folder, "libvirtd.pid"), "utf8")), "SIGTERM");
  }
});

test("a daemon that nobody needs ends, and the next one is started", { skip }, async (t) => {
  const user = await User.create(t, "--timeout 1");
  assert.equal((await user.tsvirt("list")).code, 0);
  await user.daemonGone();
  assert.equal((await user.tsvirt("list")).code, 0);
  assert.equal(await user.starts(), 2);
});

test("a guest outlives a daemon that is killed, and the next one has it", {
  skip: skip || skipWithoutQemu,
}, async (t) => {
  const user = await User.create(t, "--timeout 1");
  t.after(() => user.tsvirt("destroy survivor"));
  const image = join(user.home, "guest.img");
  await writeTinyGuest(image);
  await chmod(image, 0o666);
  const xml = `<domain type='qemu'><name>survivor</name><memory unit='MiB'>32</memory><os><type>hvm</type></os><devices>
    <disk type='file'><source file='${image}'/><target dev='hda' bus='ide'/></disk></devices></domain>`;
  await writeFile(join(user.home, "guest.xml"), xml);
  const created = await user.tsvirt(`create ${join(user.home, "guest.xml")}`);
  assert.equal(created.code, 0, created.stderr);
  const pid = await user.daemon();
  assert.ok(pid !== undefined);
  process.kill(pid, "SIGKILL");
  const { stdout } = await user.tsvirt("list --name --state-running");
  assert.equal(stdout, "survivor\n\n");
  assert.notEqual(await user.daemon(), pid);
  // No guest, no client: it ends.
  assert.equal((await user.tsvirt("destroy survivor")).code, 0);
  await user.daemonGone();
});

test("LIBVIRT_AUTOSTART=0: everything happens within the program", { skip }, async (t) => {
  const user = await User.create(t);
  const { code, stdout } = await user.tsvirt("uri", { LIBVIRT_AUTOSTART: "0" });
  assert.deepEqual([code, stdout], [0, "qemu:///session\n\n"]);
  assert.equal(await user.starts(), 0);
});

test("a daemon that does not start says why", { skip }, async (t) => {
  const user = await User.create(t, "--nonsense");
  const failed = await user.tsvirt("list");
  assert.equal(failed.code, 1);
  assert.match(
    failed.stderr,
    /^error: failed to connect.*\nerror: .*Failed to start the daemon '.*start': tsvirtd: .*nonsense/,
  );
  const missing = await user.tsvirt("list", { TSVIRTD_PATH: "/nonexistent/tsvirtd" });
  assert.match(missing.stderr, /Failed to start the daemon '\/nonexistent\/tsvirtd': .*ENOENT/);
});
