/** A domain's share of the host: scheduler, block I/O, NUMA, performance counters. */
import { command } from "../../command.ts";
import { oneOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { domainOf, domainOption } from "../../objects/domain.ts";
import { flag, int, text, words } from "../../option.ts";
import { impactFlags, impactOptions } from "../../shared/impact.ts";
import { type ParameterValue, printParameters, setParameters } from "../../shared/parameters.ts";

export const schedinfo = command({
  name: "schedinfo",
  summary: "how a domain shares the host's CPUs",
  description: "Shows or sets the scheduler's parameters for a domain.",
  options: {
    domain: domainOption(),
    weight: int("weight, for Xen's credit scheduler", { named: true }),
    cap: int("cap, for Xen's credit scheduler", { named: true }),
    current: flag("in the running guest, or if it is off, from the next start on"),
    config: flag("from the next start on"),
    live: flag("in the running guest"),
    set: words("NAME=VALUE of any parameter"),
  },
  async query(context) {
    const { options } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    const { type } = await domain.schedulerType();
    // Drivers without any of these flags have the functions without flags.
    const plain = flags === 0 && !options.current;
    const get = () => (plain ? domain.schedulerParameters() : domain.schedulerParametersFlags(flags));
    const before = await get();
    const given = { ...assignments(options.set, before), weight: options.weight, cap: options.cap };
    const wanted = setParameters(given);
    const unknown = Object.keys(wanted ?? {}).find((name) => before[name] === undefined);
    if (unknown !== undefined) throw new CommandError(`invalid scheduler option: ${unknown}`);
    if (wanted === undefined) return { scheduler: type, parameters: before };
    await (plain ? domain.setSchedulerParameters(wanted) : domain.setSchedulerParametersFlags(wanted, flags));
    const parameters = await get();
    return { scheduler: type, parameters };
  },
  print: ({ scheduler, parameters }) => `${"Scheduler".padEnd(15)}: ${scheduler}\n${printParameters(parameters)}`,
});

/** `NAME=VALUE` words as values of the types that the parameters have now. @throws {CommandError} */
function assignments(
  set: readonly string[],
  present: Readonly<Record<string, ParameterValue>>,
): Record<string, ParameterValue> {
  const wanted: Record<string, ParameterValue> = {};
  for (const word of set) {
    const [, name = "", value = ""] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (name === "") throw new CommandError("Invalid syntax for --set, expecting name=value");
    const old = present[name];
    if (old === undefined) throw new CommandError(`invalid scheduler option: ${name}`);
    wanted[name] = ofSameType(old, value, name);
  }
  return wanted;
}

function ofSameType(old: ParameterValue, value: string, name: string): ParameterValue {
  if (typeof old === "string") return value;
  if (typeof old === "boolean") return value === "1" || value === "yes" || value === "true";
  if (!/^-?[0-9]+$/.test(value)) throw new CommandError(`invalid scheduler option: ${name}`);
  return typeof old === "bigint" ? BigInt(value) : Number(value);
}

export const blkiotune = command({
  name: "blkiotune",
  summary: "how a domain shares the host's disks",
  description: "Sets a domain's weight and limits on the host's block devices; without one, shows them.",
  options: {
    domain: domainOption(),
    weight: int("its weight on all devices"),
    deviceWeights: text("weights on single devices: PATH,WEIGHT,..."),
    deviceReadIopsSec: text("most reads a second: PATH,NUMBER,..."),
    deviceWriteIopsSec: text("most writes a second: PATH,NUMBER,..."),
    deviceReadBytesSec: text("most bytes read a second: PATH,NUMBER,..."),
    deviceWriteBytesSec: text("most bytes written a second: PATH,NUMBER,..."),
    ...impactOptions,
  },
  async query(context) {
    const { options } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    if (options.weight !== undefined && options.weight <= 0) {
      throw new CommandError(`Invalid value of ${options.weight} for I/O weight`);
    }
    const wanted = setParameters({
      weight: options.weight,
      device_weight: options.deviceWeights,
      device_read_iops_sec: options.deviceReadIopsSec,
      device_write_iops_sec: options.deviceWriteIopsSec,
      device_read_bytes_sec: options.deviceReadBytesSec,
      device_write_bytes_sec: options.deviceWriteBytesSec,
    });
    if (wanted === undefined) return attempt("Unable to get blkio parameters", () => domain.blkioParameters(flags));
    await attempt("Unable to change blkio parameters", () => domain.setBlkioParameters(wanted, flags));
    return undefined;
  },
  print: (parameters) => printParameters(parameters),
});

/** By libvirt's numbers. */
const numaModes = ["strict", "preferred", "interleave", "restrictive"];

export const numatune = command({
  name: "numatune",
  summary: "which of the host's NUMA nodes a domain uses",
  description: "Sets from which of the host's NUMA nodes a domain's memory comes; without one, shows it.",
  options: {
    domain: domainOption(),
    mode: text("strict, preferred, interleave, restrictive, or its number", { complete: oneOf(...numaModes) }),
    nodeset: text("the host's nodes"),
    ...impactOptions,
  },
  async query(context) {
    const { options } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    const wanted = setParameters({ numa_mode: numaMode(options.mode), numa_nodeset: options.nodeset });
    if (wanted !== undefined) {
      await attempt("Unable to change numa parameters", () => domain.setNumaParameters(wanted, flags));
      return undefined;
    }
    const parameters = await attempt("Unable to get numa parameters", () => domain.numaParameters(flags));
    const mode = parameters.numa_mode;
    return typeof mode === "number" ? { ...parameters, numa_mode: numaModes[mode] ?? String(mode) } : parameters;
  },
  print: (parameters) => printParameters(parameters),
});

function numaMode(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const known = numaModes.indexOf(word);
  if (known >= 0) return known;
  if (/^[0-9]{1,9}$/.test(word)) return Number(word);
  throw new CommandError(`Invalid mode: ${word}`);
}

export const perf = command({
  name: "perf",
  summary: "which performance counters a domain has",
  description: "Switches performance counters on or off; without one, shows them.",
  options: {
    domain: domainOption(),
    enable: text("counters to switch on, separated by commas"),
    disable: text("counters to switch off, separated by commas"),
    ...impactOptions,
  },
  async query(context) {
    const { options } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    const wanted = { ...switched(options.enable, true), ...switched(options.disable, false) };
    if (Object.keys(wanted).length === 0) return attempt("Unable to get perf events", () => domain.perfEvents(flags));
    await attempt("Unable to enable/disable perf events", () => domain.setPerfEvents(wanted, flags));
    return wanted;
  },
  print: (events) => printParameters(events, (enabled) => (enabled ? "enabled" : "disabled")),
});

function switched(list: string | undefined, on: boolean): Record<string, boolean> {
  return Object.fromEntries((list?.split(",") ?? []).map((name) => [name, on]));
}
