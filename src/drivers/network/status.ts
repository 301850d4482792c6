/** What is kept of a running network, so that another program finds it again: one file each. */
import { readdir, rm, unlink } from "node:fs/promises";
import { join } from "node:path";
import { LibvirtError } from "../../errors.ts";
import { isTemporary, writeAtomically } from "../../host/durable.ts";
import { makeFolder, readBounded } from "../../host/files.ts";
import type { ProcessId } from "../../host/proc.ts";
import {
  formatNetwork,
  formatNetworkPort,
  type Network,
  type NetworkPort,
  parseNetwork,
  parseNetworkPort,
} from "../../model/network/index.ts";

const domain = "NETWORK";

/** To be raised when a status of today cannot be understood tomorrow. */
const format = 1;
const maxBytes = 32 * 1024 * 1024;

/** What a running network has on the host. */
export interface Run {
  /** The kernel's number of the bridge; null for a network that uses somebody else's devices. */
  readonly bridgeIndex: number | null;
  /** Null for one that no dnsmasq serves. */
  readonly dnsmasq: ProcessId | null;
}

export interface Status extends Run {
  /** The host's run in which it was written: a network does not outlive that. */
  readonly boot: string;
  readonly definition: Network;
  readonly ports: readonly NetworkPort[];
}

export class StatusFolder {
  readonly #path: string;
  /** Writes follow each other, whatever network they are about: they are few and small. */
  #last: Promise<void> = Promise.resolve();

  private constructor(path: string) {
    this.#path = path;
  }

  static async open(path: string): Promise<StatusFolder> {
    await makeFolder(path, 0o700, domain);
    for (const name of await readdir(path)) if (isTemporary(name)) await unlink(join(path, name));
    return new StatusFolder(path);
  }

  /** The status of every network that ran; null for a file that says nothing. */
  async readAll(): Promise<{ readonly name: string; readonly status: Status | null }[]> {
    const files = (await readdir(this.#path)).filter((file) => file.endsWith(".json")).sort();
    return Promise.all(
      files.map(async (file) => {
        const text = await readBounded(join(this.#path, file), maxBytes, domain);
        return { name: file.slice(0, -".json".length), status: parseStatus(text ?? "") };
      }),
    );
  }

  /** Writes a status; it outlives this program, not the host. */
  write(status: Status): Promise<void> {
    return this.#inTurn(() => writeAtomically(this.#pathOf(status.definition.name), formatStatus(status), { domain }));
  }

  remove(name: string): Promise<void> {
    return this.#inTurn(() => rm(this.#pathOf(name), { force: true }));
  }

  /** Resolves when nothing is being written any more. */
  settled(): Promise<void> {
    return this.#last;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  #pathOf(name: string): string {
    if (!name.includes("/") && !name.includes("\0")) return join(this.#path, `${name}.json`);
    throw new LibvirtError("INTERNAL_ERROR", domain, `'${name}' cannot be the name of a file`);
  }
}

export function formatStatus({ boot, bridgeIndex, dnsmasq, definition, ports }: Status): string {
  const text = {
    format,
    boot,
    bridgeIndex,
    // A start time is a number too large for some readers of JSON.
    dnsmasq: dnsmasq && { pid: dnsmasq.pid, startTime: String(dnsmasq.startTime) },
    definition: formatNetwork(definition),
    ports: ports.map((port) => formatNetworkPort(port)),
  };
  return `${JSON.stringify(text, null, 2)}\n`;
}

/** Null for a text that is not a whole status. */
export function parseStatus(text: string): Status | null {
  try {
    const { dnsmasq, ...read } = JSON.parse(text) as Record<string, unknown>;
    if (read.format !== format || typeof read.boot !== "string" || typeof read.definition !== "string") return null;
    if (!Array.isArray(read.ports) || !read.ports.every((port) => typeof port === "string")) return null;
    return {
      boot: read.boot,
      bridgeIndex: typeof read.bridgeIndex === "number" ? read.bridgeIndex : null,
      dnsmasq: parseProcess(dnsmasq),
      definition: parseNetwork(read.definition),
      ports: read.ports.map((port: string) => parseNetworkPort(port)),
    };
  } catch {
    return null;
  }
}

function parseProcess(read: unknown): ProcessId | null {
  const { pid, startTime } = (read ?? {}) as Record<string, unknown>;
  if (typeof pid !== "number" || typeof startTime !== "string" || !/^\d{1,20}$/.test(startTime)) return null;
  return { pid, startTime: BigInt(startTime) };
}
