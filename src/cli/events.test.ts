/** Waiting for events, and what `define` says of words that nobody knows. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { open, silenceErrors } from "../api/index.ts";
import { tsvirt } from "./virsh.test.support.ts";

silenceErrors();

/** Stops and starts the network and the domain over and over, until the command that listens has heard of it. */
async function whileThingsHappen<T>(work: Promise<T>): Promise<T> {
  await using connection = await open("test:///default");
  const network = await connection.networkLookupByName("default");
  const domain = await connection.lookupByName("test");
  let done = false;
  const finished = work.finally(() => {
    done = true;
  });
  while (!done) {
    await network.destroy();
    await network.create();
    await domain.suspend();
    await domain.resume();
    await new Promise(setImmediate);
  }
  return finished;
}

test("event tells of the first event, in virsh's words", async () => {
  const { stdout, code } = await whileThingsHappen(
    tsvirt(["-c", "test:///default", "event --event lifecycle --domain test --timeout 60"]),
  );
  assert.match(
    stdout,
    /^event 'lifecycle' for domain 'test': (?:Suspended Paused|Resumed Unpaused)\nevents received: 1\n\n$/,
  );
  assert.equal(code, 0);
});

test("net-event --json prints one line for each report", async () => {
  const { stdout } = await whileThingsHappen(
    tsvirt(["-c", "test:///default", "net-event --event lifecycle --timeout 60 --json"]),
  );
  const [event, end] = stdout.split("\n").map((line) => (line === "" ? undefined : JSON.parse(line)));
  assert.equal(event.network, "default");
  assert.match(event.event, /^(?:started|stopped)$/);
  assert.deepEqual(end, { received: 1 });
});

test("define says what it ignored", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-define-"));
  try {
    const file = join(folder, "guest.xml");
    await writeFile(
      file,
      "<domain type='test'>\n<name>g</name>\n<memory>1024</memory>\n<os><type>hvm</type></os>\n<devices>\n<gizmo/>\n</devices>\n</domain>\n",
    );
    const { stderr, code } = await tsvirt(["-c", "test:///default", "define", file]);
    assert.deepEqual([stderr, code], ["ignored: /domain/devices/gizmo (line 6)\n", 0]);
    assert.equal((await tsvirt(["-q", "-c", "test:///default", "define", file])).stderr, "");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
