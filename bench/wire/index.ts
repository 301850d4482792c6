/**
 * The wire: tsvirtd and the C libvirtd, both with the test driver and the same clients. The rounds of both take turns,
 * so a machine that is busy is busy for both; what is promised are the ratios.
 */
import { existsSync } from "node:fs";
import { withoutPython } from "../../test/remote/libvirtd.ts";
import type { Row } from "../report.ts";
import { measureBindings } from "./bindings.ts";
import { memoryOf, processorTimeOf, startLibvirtd, startTsvirtd, type WireDaemon } from "./daemons.ts";
import { pipelined } from "./pipeline.ts";
import { PythonClient } from "./python-client.ts";

const rounds = 5;
const domain = "test";

const xml = `<domain type='test'>
  <name>wireNUMBER</name>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type>hvm</type></os>
</domain>`;

type Figures = Map<string, number[]>;

function add(figures: Figures, name: string, values: readonly number[]): void {
  figures.set(name, [...(figures.get(name) ?? []), ...values]);
}

const uriOf = ({ socket }: WireDaemon) => `test+unix:///default?socket=${socket}`;

/** One round of everything whose figures do not change the daemon. */
async function round(daemon: WireDaemon, clients: readonly PythonClient[], figures: Figures): Promise<void> {
  const uri = uriOf(daemon);
  const [client] = clients;
  if (client === undefined) throw new Error("there are no clients");
  const one = await client.run(uri, { work: "lookup", name: domain, count: 200, repeat: 5 });
  add(
    figures,
    "lookup",
    one.map((seconds) => seconds / 200),
  );
  const four = clients.map((each) => each.run(uri, { work: "lookup", name: domain, count: 500, repeat: 1 }));
  add(figures, "lookup4", [Math.max(...(await Promise.all(four)).flat()) / 500 / clients.length]);
  add(figures, "connect", await client.run(uri, { work: "connect", repeat: 50 }));
  add(figures, "list", await client.run(uri, { work: "list", repeat: 10 }));
}

/** Daemons run for months: what is asked for are not their first seconds. */
async function warmUp(client: PythonClient, daemon: WireDaemon): Promise<void> {
  await client.run(uriOf(daemon), { work: "connect", repeat: 6000 });
  await client.run(uriOf(daemon), { work: "lookup", name: domain, count: 20_000, repeat: 1 });
  // Our own client is warmed up by it too.
  await pipelined(daemon.socket, domain, 60_000, 1);
}

/** What the daemon itself has to do, apart from the client and the way between them. */
async function measureWork(daemon: WireDaemon, client: PythonClient, figures: Figures): Promise<void> {
  const uri = uriOf(daemon);
  const works = [
    ["lookupWork", { work: "lookup", name: domain, count: 4000, repeat: 1 }, 4000],
    ["listWork", { work: "list", repeat: 100 }, 100],
    ["connectWork", { work: "connect", repeat: 500 }, 500],
  ] as const;
  for (const [name, request, count] of works) {
    const before = await processorTimeOf(daemon);
    await client.run(uri, request);
    add(figures, name, [((await processorTimeOf(daemon)) - before) / count]);
  }
}

async function measure(daemons: ReadonlyMap<WireDaemon, Figures>): Promise<void> {
  const clients = Array.from({ length: 4 }, () => new PythonClient());
  const [first] = clients;
  if (first === undefined) return;
  try {
    for (const daemon of daemons.keys()) {
      await first.run(uriOf(daemon), { work: "hold" });
      await first.run(uriOf(daemon), { work: "define", xml, first: 0, count: 999 });
      await warmUp(first, daemon);
    }
    for (let count = 0; count < rounds; count++) {
      for (const [daemon, figures] of daemons) await round(daemon, clients, figures);
      for (const [{ socket }, figures] of daemons)
        add(figures, "pipelined", await pipelined(socket, domain, 20_000, 3));
      for (const [daemon, figures] of daemons) await measureWork(daemon, first, figures);
      process.stderr.write(".");
    }
    for (const [daemon, figures] of daemons) {
      await first.run(uriOf(daemon), { work: "define", xml, first: 999, count: 9000 });
      add(figures, "memory", [await memoryOf(daemon)]);
    }
  } finally {
    process.stderr.write("\n");
    await Promise.all(clients.map((client) => client.stop()));
  }
}

/** The rows of the wire; none where libvirt's programs are missing. */
export async function wireRows(folder: string): Promise<Row[]> {
  const reason = withoutPython();
  if (reason !== false || !existsSync("/usr/bin/python3")) {
    console.log(`The wire is not measured: ${reason}.`);
    return [];
  }
  const [ours, theirs]: [Figures, Figures] = [new Map(), new Map()];
  const tsvirtd = await startTsvirtd(folder);
  try {
    const libvirtd = await startLibvirtd();
    try {
      await measure(
        new Map([
          [tsvirtd, ours],
          [libvirtd, theirs],
        ]),
      );
    } finally {
      await libvirtd.stop();
    }
  } finally {
    await tsvirtd.stop();
  }
  const { official, ours: binding, inFlight } = await measureBindings();
  const row = (name: string, label: string, unit: Row["unit"], factor?: number): Row => ({
    label,
    unit,
    ours: ours.get(name) ?? [],
    theirs: theirs.get(name) ?? [],
    ...(factor !== undefined && { factor }),
  });
  return [
    row("lookup", "wire: lookup and info, one client", "per second", 2.5),
    row("lookupWork", "  of it the daemon's processor time", "ms"),
    row("lookup4", "wire: lookup and info, four clients", "per second", 2.3),
    row("list", "wire: list of 1,000 domains", "ms", 1 / 0.6),
    row("listWork", "  of it the daemon's processor time", "ms"),
    row("connect", "wire: connect and close", "ms", 1 / 0.45),
    row("connectWork", "  of it the daemon's processor time", "ms"),
    row("pipelined", "wire: lookups, 16 in flight", "per second", 10),
    row("memory", "wire: memory with 10,000 domains", "MiB", 1 / 1.4),
    {
      label: "Python: lookup and info, beside libvirt's module",
      unit: "per second",
      ours: binding,
      theirs: official,
      factor: 0.5,
    },
    {
      label: "Python: asyncio, 16 callers, beside libvirt's one",
      unit: "per second",
      ours: inFlight,
      theirs: official,
      factor: 1,
    },
  ];
}
