/** Where the network driver keeps what, below a state root. `docs/files.md` lists it for people. */
import { join } from "node:path";

export interface Layout {
  /** All that is this driver's own. dnsmasq, which gives its rights up, passes through it. */
  readonly base: string;
  /** Definitions of persistent networks, and which of them start by themselves. */
  readonly definitions: string;
  /** Status of running networks: all that is needed to take them over again. */
  readonly status: string;
  /** Which networks have run since the host came up. */
  readonly starts: string;
  /** What dnsmasq reads and writes. */
  readonly dnsmasq: string;
}

export function layoutOf(root: string): Layout {
  const base = join(root, "network");
  return {
    base,
    definitions: join(base, "definitions"),
    status: join(base, "status"),
    starts: join(base, "started"),
    dnsmasq: join(base, "dnsmasq"),
  };
}

/** The files of one network's dnsmasq. */
export interface DnsmasqFolder {
  readonly configuration: string;
  readonly hosts: string;
  readonly names: string;
  readonly leases: string;
  readonly pid: string;
}

/** @param name of the network: the model refuses those with a slash. */
export function dnsmasqFolder({ dnsmasq }: Layout, name: string): DnsmasqFolder {
  const file = (suffix: string): string => join(dnsmasq, `${name}.${suffix}`);
  return {
    configuration: file("conf"),
    hosts: file("hostsfile"),
    names: file("addnhosts"),
    leases: file("leases"),
    pid: file("pid"),
  };
}
