/** What is kept of a running network, so that another program finds it again. */
import type { ProcessId } from "../../host/proc.ts";
import type { StatusKind } from "../../host/status-folder.ts";
import {
  formatNetwork,
  formatNetworkPort,
  type Network,
  type NetworkPort,
  parseNetwork,
  parseNetworkPort,
} from "../../model/network/index.ts";

/** To be raised when a status of today cannot be understood tomorrow. */
const format = 1;

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

/** How the status of a network is kept. */
export const networkStatus: StatusKind<Status> = {
  domain: "NETWORK",
  nameOf: ({ definition }) => definition.name,
  format: formatStatus,
  parse: parseStatus,
};

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
