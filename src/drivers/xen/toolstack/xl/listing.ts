/** What `xl list` and its sisters print. */
import type { ToolDomain } from "../toolstack.ts";

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

/** Weight and cap of a domain in what `xl sched-credit` and `xl sched-credit2` print. */
export function parseShare(text: string, id: number): { weight: number; cap: number } | undefined {
  for (const row of text.split("\n")) {
    const [, number, weight, cap] = /\s(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(row) ?? [];
    if (Number(number) === id) return { weight: Number(weight), cap: Number(cap) };
  }
  return undefined;
}
