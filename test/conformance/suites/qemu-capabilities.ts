/** The emulator that a case of the QEMU suites is for: a recorded one, or one of hand-picked abilities. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { MachineType } from "../../../src/drivers/qemu/capabilities/accelerator.ts";
import { QemuCapabilities } from "../../../src/drivers/qemu/capabilities/capabilities.ts";
import { asOf, versionNumber } from "../../helpers/older-qemu.ts";
import { type FakeOptions, fakeCapabilities, recordedCapabilities } from "../../helpers/qemu-capabilities.ts";
import { dataFolder } from "../data.ts";
import type { Request } from "../protocol.ts";

interface QemuFacts {
  readonly caps: "real" | "fake";
  readonly arch?: string;
  readonly version?: string;
  readonly flags?: readonly string[];
  readonly extraFlags?: readonly string[];
  readonly machineAliases?: "kept" | "resolved";
  readonly gic?: FakeOptions["gic"];
}

export function guestArch(request: Request): string {
  return (request.guest as { arch?: string } | undefined)?.arch ?? "x86_64";
}

/** A case that names no capabilities must give its verdict with any. */
export async function capabilitiesOf(request: Request): Promise<QemuCapabilities> {
  const facts = request.qemu as QemuFacts | undefined;
  const arch = guestArch(request);
  if (facts === undefined) return fakeCapabilities([], { arch });
  if (facts.caps === "fake") {
    const gic = facts.gic === undefined ? {} : { gic: facts.gic };
    return fakeCapabilities(facts.flags ?? [], { arch, ...gic });
  }
  const recorded = await recording(facts.arch ?? arch, facts.version ?? "");
  const capabilities = facts.machineAliases === "kept" ? withoutAliases(recorded) : recorded;
  const extra = fakeCapabilities(facts.extraFlags ?? [], { arch: recorded.arch }).data.flags;
  return capabilities.withFlags([...capabilities.data.flags, ...extra]);
}

const recordings = new Map<string, Promise<QemuCapabilities>>();

function recording(arch: string, version: string): Promise<QemuCapabilities> {
  const key = `${arch} ${version}`;
  const known = recordings.get(key) ?? recordedCapabilities(arch, version).catch(() => nearest(arch, version));
  recordings.set(key, known);
  return known;
}

/** Where the data leaves a recording out, the next newer one of the architecture stands in for it. */
async function nearest(arch: string, version: string): Promise<QemuCapabilities> {
  const files = await readdir(join(dataFolder, "qemucaps", "qemucapabilitiesdata"));
  const versions = files
    .map((file) => /^caps_([\d.]+)\.(\w+)\.replies$/.exec(file))
    .filter((match) => match?.[2] === arch)
    .map((match) => match?.[1] ?? "")
    .sort((a, b) => versionNumber(a) - versionNumber(b));
  const chosen = versions.find((one) => versionNumber(one) > versionNumber(version)) ?? versions.at(-1);
  if (chosen === undefined) throw new Error(`no recording of an emulator for ${arch}`);
  return asOf(await recordedCapabilities(arch, chosen), version);
}

/** The names that guests use stay as they are, where the suite's expected data keeps them. */
function withoutAliases({ data }: QemuCapabilities): QemuCapabilities {
  const accelerators = Object.fromEntries(
    Object.entries(data.accelerators).map(([name, one]) => [name, { ...one, machines: one.machines.map(asAlias) }]),
  );
  return new QemuCapabilities({ ...data, accelerators });
}

/** The newest machine of a kind is called by its alias only. */
function asAlias(machine: MachineType): MachineType {
  return machine.alias === null ? machine : { ...machine, name: machine.alias, alias: null };
}
