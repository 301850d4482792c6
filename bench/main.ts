/**
 * `npm run bench`: how fast tsvirt is in this process, with the C libvirtd beside it in the same minutes where it can be
 * had. Every figure is a median; the rounds of both take turns, so a machine that is busy is busy for both.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConnectListAllDomainsFlags, open, silenceErrors } from "../src/api/index.ts";
import { writeTinyGuest } from "../test/helpers/tiny-guest.ts";
import { CDaemon, missing } from "./c-daemon.ts";
import { qemuAlone } from "./qemu-alone.ts";
import { formatReport, type Row } from "./report.ts";
import { callsInProcess, documents } from "./small.ts";
import { wireRows } from "./wire/index.ts";
import { type Figures, run, type Work } from "./works.ts";
import { xenRows } from "./xen/index.ts";

const rounds = 3;
const guests = 20;
const callers = 8;

function domainXml(name: string, image: string): string {
  return `<domain type='qemu'>
  <name>${name}</name>
  <memory unit='MiB'>32</memory>
  <os><type machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <disk type='file'><driver name='qemu' type='raw'/><source file='${image}'/><target dev='vda' bus='virtio'/><shareable/></disk>
    <interface type='user'/>
    <serial type='pty'/>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
  </devices>
</domain>`;
}

function works(image: string): Work[] {
  const xmls = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => domainXml(`${prefix}${index}`, image));
  return [
    { work: "startAndStop", xml: domainXml("one", image), repeat: 5 },
    { work: "many", xmls: xmls("many", guests), callers, repeat: 5 },
    { work: "define", xmls: xmls("defined", 2000), callers },
    { work: "dumpxml", xml: domainXml("dumped", image), count: 2000 },
  ];
}

function collect(into: Map<string, number[]>, figures: Figures): void {
  for (const [name, values] of Object.entries(figures)) into.set(name, [...(into.get(name) ?? []), ...values]);
}

async function measure(folder: string): Promise<Row[]> {
  const image = join(folder, "guest.img");
  await writeTinyGuest(image);
  const reason = missing();
  if (reason !== null) console.log(`No C libvirtd to compare with: ${reason}.`);
  const ours = new Map<string, number[]>();
  const theirs = new Map<string, number[]>();
  const conn = await open(`qemu:///embed?root=${join(folder, "root")}`);
  const daemon = reason === null ? await CDaemon.start(folder) : null;
  try {
    for (let round = 0; round < rounds; round++) {
      for (const work of works(image)) {
        collect(ours, await run(conn, work));
        if (daemon !== null) collect(theirs, await daemon.run(work));
        process.stderr.write(".");
      }
      collect(ours, { alone: [await qemuAlone()] });
    }
  } finally {
    process.stderr.write("\n");
    // Guests outlive a program that ends; those of a benchmark that failed should not.
    for (const domain of await conn.listAllDomains(ConnectListAllDomainsFlags.ACTIVE)) await domain.destroy();
    await conn.close();
    await daemon?.stop();
  }
  collect(ours, { ...(await callsInProcess()), ...documents(domainXml("document", image)) });
  const row = (name: string, label: string, unit: Row["unit"], goal?: number): Row => ({
    label,
    unit,
    ours: ours.get(name) ?? [],
    theirs: theirs.get(name) ?? [],
    ...(goal === undefined ? {} : { goal }),
  });
  return [
    row("create", "start a domain: create()", "ms", 80),
    row("alone", "  of it QEMU alone: spawn to cont", "ms"),
    row("destroy", "end it: destroy()", "ms", 30),
    row("starts", `${guests} starts, ${callers} callers`, "ms", 1500),
    row("stats", `statistics of ${guests} running domains`, "ms", 30),
    row("define", "definitions, each durable", "per second", 1000),
    row("list", "list of 500 domains", "ms"),
    row("dumpxml", "dumpxml", "per second"),
    row("call", "a call in process (test driver)", "per second"),
    row("parse", "domain document: read and complete", "per second"),
    row("format", "domain document: print", "per second"),
  ];
}

silenceErrors();
const folder = await mkdtemp(join(tmpdir(), "tsvirt-bench-"));
try {
  await chmod(folder, 0o755);
  console.log(formatReport([...(await measure(folder)), ...(await wireRows(folder))]));
  const xen = await xenRows();
  if (xen.length > 0) console.log(`\n${formatReport(xen, "xl")}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
