/** Lists of CPUs: `0-3,^2` and `yyny`. */

import type { Connection } from "../../api/index.ts";
import { formatCpuset, parseCpuset } from "../../xml/cpuset.ts";
import { CommandError } from "../error.ts";

/** The CPUs of a list, as one flag per CPU of the host; `r` stands for all. @throws {CommandError} */
export function parseCpuList(list: string, cpus: number): boolean[] {
  if (list === "r") return Array.from({ length: cpus }, () => true);
  const chosen = parse(list);
  const last = chosen.at(-1) ?? -1;
  if (last >= cpus) throw new CommandError(`CPU ${last} in cpulist '${list}' exceed the maxcpu ${cpus}`);
  return Array.from({ length: cpus }, (_, cpu) => chosen.includes(cpu));
}

function parse(list: string): number[] {
  try {
    return parseCpuset(list);
  } catch {
    throw new CommandError([`Invalid cpulist '${list}'`, `invalid argument: Failed to parse bitmap '${list}'`]);
  }
}

/** `0-2,5`. */
export function formatCpuList(map: readonly boolean[]): string {
  return formatCpuset(map.flatMap((chosen, cpu) => (chosen ? [cpu] : [])));
}

/** `yyyny`. */
export function formatCpuMap(map: readonly boolean[]): string {
  return map.map((chosen) => (chosen ? "y" : "-")).join("");
}

/** How many CPUs the host has, online or not. */
export async function hostCpuCount(connection: Connection): Promise<number> {
  return (await connection.getCPUMap()).cpus.length;
}

/** A map cut or filled to the host's number of CPUs. */
export function sized(map: readonly boolean[], cpus: number): boolean[] {
  return Array.from({ length: cpus }, (_, cpu) => map[cpu] ?? false);
}
