/** A client that leads a migration between two real libvirtds takes libvirt's own steps, and what comes of them is the same. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import {
  type Connection,
  DomainMigrateFlags,
  DomainRunningReason,
  DomainState,
  isLibvirtError,
  open,
  silenceErrors,
} from "../../src/api/index.ts";
import type { ParametersInput } from "../../src/api/values/parameters.ts";
import { procedureByNumber } from "../../src/protocol/index.ts";
import { fromBytes } from "../../src/protocol/xdr/index.ts";
import { pythonPackage } from "../bindings/python/package.ts";
import { skipWithoutQemu } from "../helpers/qemu.ts";
import { Libvirtd, python, withoutLibvirtd } from "./libvirtd.ts";
import { type Recorded, Recorder } from "./recorder.ts";

silenceErrors();

const { LIVE, PAUSED, PEER2PEER } = DomainMigrateFlags;

const xml = `<domain type='qemu'><name>moved</name><uuid>7a1d0c4e-58a3-4d0a-9a57-1c2b3a4d5e6f</uuid>
  <memory unit='MiB'>16</memory><os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os>
  <devices><controller type='usb' model='none'/><memballoon model='none'/></devices></domain>`;

/** A host: its daemon, and whoever writes down what is asked of it. */
class Host {
  readonly daemon: Libvirtd;
  readonly recorder: Recorder;

  private constructor(daemon: Libvirtd, recorder: Recorder) {
    this.daemon = daemon;
    this.recorder = recorder;
  }

  static async start(uuid: string): Promise<Host> {
    const daemon = await Libvirtd.start({ conf: `host_uuid = "${uuid}"` });
    return new Host(daemon, await Recorder.start(join(daemon.folder, "recorded"), daemon.socket));
  }

  get uri(): string {
    return `qemu+unix:///system?socket=${this.recorder.path}`;
  }

  /** The steps of migrations since the last time, each as the words that matter. */
  steps(): string[] {
    return this.recorder.calls.splice(0).flatMap((call) => stepOf(call) ?? []);
  }

  async stop(): Promise<void> {
    await this.recorder.stop();
    await this.daemon.stop();
  }
}

function stepOf({ program, procedure, args, answer }: Recorded): string | null {
  const known = procedureByNumber(program, procedure);
  if (known === undefined || !/^domainMigrate/.test(known.name)) return null;
  const said = fromBytes(known.args, args) as Record<string, unknown>;
  const {
    params,
    cookieIn,
    dom: _,
    ...rest
  } = said as { params: { field: string; value: { value: unknown } }[] } & {
    cookieIn?: Uint8Array;
    dom: unknown;
  };
  const named = params
    // What differs from run to run: documents and ports.
    .map(
      ({ field, value }) =>
        `${field}=${field === "destination_xml" ? "..." : String(value.value).replace(/:\d+$/, "")}`,
    )
    .sort();
  const cookie = cookieIn?.length ? "cookie" : "no cookie";
  return [known.name, ...named, cookie, JSON.stringify(rest), answer?.status === 0 ? "ok" : "failed"].join(" ");
}

const steps = (...hosts: readonly Host[]): string[][] => hosts.map((host) => host.steps());

describe("a migration between two hosts", {
  skip: skipWithoutQemu || withoutLibvirtd("/usr/bin/virsh", python),
}, () => {
  let here: Host;
  let there: Host;
  let source: Connection;
  let target: Connection;

  before(async () => {
    here = await Host.start("11111111-2222-4333-8444-555555555551");
    there = await Host.start("11111111-2222-4333-8444-555555555552");
    [source, target] = await Promise.all([open(here.uri), open(there.uri)]);
  });

  after(async () => {
    await Promise.all([source?.close(), target?.close()]);
    await Promise.all([here?.stop(), there?.stop()]);
  });

  const virsh = (...words: string[]): Promise<string> =>
    new Promise((resolve) => {
      const all = ["-c", here.uri, "migrate", "moved", "--desturi", there.uri, ...words];
      execFile("virsh", all, { env: { ...process.env, LC_ALL: "C.UTF-8" } }, (_, stdout, stderr) =>
        resolve(`${stdout}${stderr}`.trim()),
      );
    });

  /** Lets virsh do it and then our client, from the same beginning; both must take the same steps. */
  async function both(words: readonly string[], params: ParametersInput, flags: number): Promise<[string, string]> {
    const begin = async () => {
      for (const conn of [source, target]) {
        for (const domain of await conn.listAllDomains(1)) await domain.destroy();
      }
      const domain = await source.createXML(xml);
      steps(here, there);
      return domain;
    };
    await begin();
    const theirs = await virsh(...words);
    const [theirSteps, theirEnd] = [steps(here, there), await whereAbouts()];
    const domain = await begin();
    const moving =
      (flags & PEER2PEER) === 0
        ? domain.migrate3(target, params, flags)
        : domain.migrateToURI3(there.uri, params, flags);
    const ours = await moving.then(
      () => "Migration done",
      (error: unknown) => (isLibvirtError(error) ? `error: ${error.message}` : Promise.reject(error)),
    );
    assert.deepEqual(steps(here, there), theirSteps);
    assert.deepEqual(await whereAbouts(), theirEnd);
    return [theirs, ours];
  }

  /** On which host a domain is, and in what state. */
  async function whereAbouts(): Promise<unknown> {
    const found = [];
    for (const conn of [source, target]) {
      for (const domain of await conn.listAllDomains())
        found.push([conn === source, domain.name(), await domain.state()]);
    }
    return found;
  }

  const uri = "tcp://127.0.0.1";

  test("goes as libvirt's client leads it", async () => {
    const [theirs, ours] = await both(["--live", "--migrateuri", uri], { migrate_uri: uri }, LIVE);
    assert.equal(theirs, "");
    assert.equal(ours, "Migration done");
  });

  test("a paused guest, another name and a limit", async () => {
    const words = ["--suspend", "--dname", "other", "--bandwidth", "9", "--migrateuri", uri];
    const params = { migrate_uri: uri, destination_name: "other", bandwidth: 9n };
    const [theirs, ours] = await both(words, params, PAUSED);
    assert.equal(theirs, "");
    assert.equal(ours, "Migration done");
  });

  test("a destination that refuses, and a way that leads nowhere", async () => {
    for (const [words, params] of [
      [["--migrateuri", "nosuch://there"], { migrate_uri: "nosuch://there" }],
      [
        ["--migrateuri", "tcp://127.0.0.3", "--listen-address", "127.0.0.1"],
        { migrate_uri: "tcp://127.0.0.3", listen_address: "127.0.0.1" },
      ],
    ] as const) {
      const [theirs, ours] = await both(["--live", ...words], params, LIVE);
      assert.match(theirs, /^error: /);
      assert.equal(ours.replace(/:\d+'/, ":PORT'"), theirs.replace(/:\d+'/, ":PORT'"));
    }
  });

  const arrived = { state: DomainState.RUNNING, reason: DomainRunningReason.MIGRATED };

  test("by the oldest function, and back again", async () => {
    for (const conn of [source, target]) for (const domain of await conn.listAllDomains(1)) await domain.destroy();
    const domain = await source.createXML(xml);
    const moved = await domain.migrate(target, LIVE, null, uri);
    assert.equal(domain.id(), -1);
    assert.deepEqual(await whereAbouts(), [[false, "moved", arrived]]);
    await moved.migrate(source, LIVE, null, uri);
    assert.deepEqual(await whereAbouts(), [[true, "moved", arrived]]);
  });

  test("as the Python package leads it", async () => {
    for (const conn of [source, target]) for (const domain of await conn.listAllDomains(1)) await domain.destroy();
    await source.createXML(xml);
    const program = [
      "import sys, tsvirt",
      "here, there = tsvirt.open(sys.argv[1]), tsvirt.open(sys.argv[2])",
      "moved = here.lookupByName('moved').migrate(there, tsvirt.VIR_MIGRATE_LIVE, None, sys.argv[3], 0)",
      "print(moved.name(), moved.state()[0])",
    ].join("\n");
    const words = ["-c", program, here.uri, there.uri, uri];
    const { stdout } = await promisify(execFile)(python, words, { cwd: await pythonPackage() });
    assert.equal(stdout, "moved 1\n");
    assert.deepEqual(await whereAbouts(), [[false, "moved", arrived]]);
  });

  test("hosts that lead it themselves", async () => {
    const [theirs, ours] = await both(["--live", "--p2p", "--migrateuri", uri], { migrate_uri: uri }, LIVE | PEER2PEER);
    assert.equal(theirs, "");
    assert.equal(ours, "Migration done");
  });
});
