/** What `xl list` and its sisters print. */
import { parseCpuset } from "../../../../xml/index.ts";
import { HostCapability } from "../../hypervisor/index.ts";
import type { ToolDomain, ToolHost, ToolVcpu } from "../toolstack.ts";

/** Name, number, MiB, vCPUs, state, seconds, UUID, why it has shut down, security label. A name may hold spaces. */
const line = /^(.*\S)\s+(\d+)\s+(\d+)\s+(\d+)\s+([rbpscd-]{6})\s+([\d.]+)\s+([0-9a-f-]{36})\s+(-|[0-9a-f]+)(?=\s|$)/;

const nsPerSecond = 1e9;

/** The domains of `xl list -v`. */
export function parseList(text: string): ToolDomain[] {
  return text.split("\n").flatMap((row) => {
    const [, name, id, mebibytes = "0", vcpus, state = "", seconds, uuid = "", code = "-"] = line.exec(row) ?? [];
    if (name === undefined) return [];
    return {
      id: Number(id),
      name,
      uuid,
      memory: BigInt(mebibytes) * 1024n,
      vcpus: Number(vcpus),
      isRunning: state.includes("r"),
      isBlocked: state.includes("b"),
      isPaused: state.includes("p"),
      isShutdown: state.includes("s"),
      isCrashed: state.includes("c"),
      isDying: state.includes("d"),
      shutdownCode: code === "-" ? null : Number.parseInt(code, 16),
      cpuTime: BigInt(Math.round(Number(seconds) * nsPerSecond)),
    };
  });
}

/** The numbers of domains with a UUID in what `xl vm-list` prints: those set aside keep it. */
export function idsOfUuid(text: string, uuid: string): number[] {
  const rows = text.split("\n").map((row) => /^([0-9a-f-]{36})\s+(\d+)\s/.exec(row));
  return rows.flatMap((row) => (row?.[1] === uuid ? [Number(row[2])] : []));
}

/** The values of `xl info` by name. */
export function parseInfo(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").flatMap((row) => {
      const [, name, value = ""] = /^(\w+)\s*:\s*(.*)$/.exec(row) ?? [];
      return name === undefined ? [] : [[name, value] as const];
    }),
  );
}

const capabilityWords: Readonly<Record<string, number>> = {
  hvm: HostCapability.HVM,
  pv: HostCapability.PV,
  hvm_directio: HostCapability.DIRECT_IO,
  hap: HostCapability.HAP,
  shadow: HostCapability.SHADOW,
};

const kibPerMib = 1024n;

/** The host as `xl info` tells of it. */
export function parseHost(text: string): ToolHost {
  const values = parseInfo(text);
  const number = (name: string): number => Number(/^\d{1,15}(\.\d{1,6})?/.exec(values.get(name) ?? "")?.[0] ?? 0);
  const memory = (name: string): bigint => BigInt(Math.trunc(number(name))) * kibPerMib;
  const words = (values.get("virt_caps") ?? "").split(/\s+/);
  return {
    version: { major: number("xen_major"), minor: number("xen_minor"), extra: values.get("xen_extra") ?? "" },
    capabilities: values.get("xen_caps") ?? "",
    info: {
      cpus: number("nr_cpus"),
      threadsPerCore: number("threads_per_core"),
      coresPerSocket: number("cores_per_socket"),
      nodes: number("nr_nodes"),
      cpuKhz: Math.round(number("cpu_mhz") * 1000),
      capabilities: words.reduce((bits, word) => bits | (capabilityWords[word] ?? 0), 0),
      totalMemory: memory("total_memory"),
      freeMemory: memory("free_memory"),
    },
  };
}

/** Number, host's processor, state, seconds, the processors it must and those it should run on. */
const vcpuLine = /\s(\d+)\s+(\d+|-)\s+([r-])([b-])([p-])\s+([\d.]+)\s+(\S+)\s+\/\s+\S+\s*$/;

/** The virtual processors of a domain in `xl vcpu-list`. */
export function parseVcpus(text: string): ToolVcpu[] {
  return text.split("\n").flatMap((row) => {
    const [, number, cpu = "-", running, blocked, offline, seconds, hard = "all"] = vcpuLine.exec(row) ?? [];
    if (number === undefined) return [];
    return {
      isOnline: offline === "-",
      isRunning: running === "r",
      isBlocked: blocked === "b",
      cpu: cpu === "-" ? 0 : Number(cpu),
      cpuTime: BigInt(Math.round(Number(seconds) * nsPerSecond)),
      affinity: hard === "all" ? "all" : parseCpuset(hard),
    };
  });
}

/** Weight and cap of a domain in what `xl sched-credit` and `xl sched-credit2` print. */
export function parseShare(text: string, id: number): { weight: number; cap: number } | undefined {
  for (const row of text.split("\n")) {
    const [, number, weight, cap] = /\s(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(row) ?? [];
    if (Number(number) === id) return { weight: Number(weight), cap: Number(cap) };
  }
  return undefined;
}

/** The addresses of `xl pci-assignable-list`, one a line. */
export function parseAssignable(text: string): string[] {
  return text.split("\n").flatMap((row) => /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7](?=\s|$)/.exec(row)?.[0] ?? []);
}
