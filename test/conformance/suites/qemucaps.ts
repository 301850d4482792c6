import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Accelerator, AcceleratorCapabilities } from "../../../src/drivers/qemu/capabilities/accelerator.ts";
import type { CapabilitiesData } from "../../../src/drivers/qemu/capabilities/capabilities.ts";
import { formatDomainCapabilities } from "../../../src/drivers/qemu/capabilities/domain-capabilities.ts";
import { capabilitiesFromReplies } from "../../../src/drivers/qemu/capabilities/replies.ts";
import { firmwareFolders, readFirmware } from "../../../src/drivers/qemu/firmware/descriptor.ts";
import { LibvirtError } from "../../../src/errors.ts";
import { escapeXml } from "../../../src/xml/index.ts";
import { dataFolder } from "../data.ts";
import { type Handler, input, type Request } from "../protocol.ts";
import { recordedTree } from "../recorded-tree.ts";

export const qemuCapabilities: Handler = (request) =>
  request.op === "domcaps" ? domainCapabilities(request) : libvirtCache(request);

async function domainCapabilities(request: Request): Promise<string> {
  if (request.files?.replies === undefined) throw new LibvirtError("NO_SUPPORT", "NONE", "only QEMU is known here");
  const params = request.params as {
    readonly machine: string | null;
    readonly virtType: string;
    readonly emulator: string;
    readonly swtpmVersions: readonly string[];
    readonly loaders: readonly string[];
    readonly firmware: string;
  };
  const capabilities = await capabilitiesFromReplies(await input(request, "replies"));
  const accelerator = params.virtType === "kvm" ? "kvm" : "tcg";
  const machine =
    params.machine === null
      ? capabilities.defaultMachine(accelerator)
      : capabilities.machine(params.machine, accelerator);
  if (machine === null) throw new Error(`no machine ${params.machine}`);
  const tree = recordedTree(await readFile(join(dataFolder, params.firmware), "utf8"));
  return formatDomainCapabilities({
    binary: params.emulator,
    capabilities,
    accelerator,
    machine,
    firmware: await readFirmware(tree, firmwareFolders()),
    loaders: params.loaders,
    tpmVersions: params.swtpmVersions,
  });
}

/** The capabilities in the layout of libvirt's own cache file, which this suite expects. */
async function libvirtCache(request: Request): Promise<string> {
  const { data } = await capabilitiesFromReplies(await input(request, "replies"));
  const lines = [
    ...["qemuctime", "selfctime", "selfvers"].map((name) => `  <${name}>0</${name}>`),
    ...data.flags.map((flag) => `  <flag${attributes({ name: flag })}/>`),
    `  <version>${data.version}</version>`,
    "  <kvmVersion>0</kvmVersion>",
    `  <microcodeVersion>${data.accelerators.kvm ? microcodeOf(request) : 0}</microcodeVersion>`,
    `  <package>${escapeXml(data.package)}</package>`,
    `  <arch>${data.arch}</arch>`,
    ...acceleratorLines(data, "kvm"),
    ...acceleratorLines(data, "tcg"),
    ...hypervLines(data),
    ...data.gic.map(
      (g) => `  <gic${attributes({ version: g.version, kernel: yesNo(g.kernel), emulated: yesNo(g.emulated) })}/>`,
    ),
  ];
  const emulator = `  <emulator>/usr/bin/qemu-system-${data.arch}</emulator>`;
  return `<qemuCaps>\n${emulator}\n${lines.join("\n")}\n</qemuCaps>\n`;
}

/** libvirt's test makes up the host's microcode version from the name of the recording: the sums of its characters. */
function microcodeOf(request: Request): number {
  const { arch, version } = request.params as { readonly arch: string; readonly version: string };
  const sum = (text: string) => Buffer.from(text).reduce((total, byte) => total + byte, 0);
  return sum(arch) * 100_000 + sum(version);
}

function acceleratorLines(data: CapabilitiesData, type: Accelerator): string[] {
  const offered = data.accelerators[type];
  if (offered === undefined) return [];
  return [...hostCpuLines(offered, type), ...cpuLines(offered, type), ...machineLines(offered, type)];
}

function hypervLines(data: CapabilitiesData): string[] {
  const features = data.accelerators.kvm?.hyperv ?? [];
  if (features.length === 0) return [];
  const lines = features.map((name) => `    <cap${attributes({ name })}/>`);
  return ["  <hypervCapabilities supported='yes'>", ...lines, "  </hypervCapabilities>"];
}

function hostCpuLines({ hostCpu }: AcceleratorCapabilities, type: Accelerator): string[] {
  if (hostCpu === null) return [];
  const migratability = yesNo(hostCpu.migratability);
  return [
    `  <hostCPU${attributes({ type, model: hostCpu.model, migratability })}>`,
    ...hostCpu.properties.map(({ name, value, migratable }) => {
      const known = { name, type: typeof value, value: value === true ? "true" : value === false ? "false" : value };
      return `    <property${attributes({ ...known, migratable: migratable === undefined ? null : yesNo(migratable) })}/>`;
    }),
    "  </hostCPU>",
  ];
}

function cpuLines({ cpuModels }: AcceleratorCapabilities, type: Accelerator): string[] {
  return cpuModels.flatMap(({ name, typeName, usable, blockers, deprecated }) => {
    const known = { type, name, typename: typeName, usable: usable === "unknown" ? null : usable };
    const open = `  <cpu${attributes({ ...known, deprecated: deprecated ? "yes" : null })}`;
    if (blockers.length === 0) return [`${open}/>`];
    return [`${open}>`, ...blockers.map((b) => `    <blocker${attributes({ name: b })}/>`), "  </cpu>"];
  });
}

function machineLines({ machines }: AcceleratorCapabilities, type: Accelerator): string[] {
  return machines.map((m) => {
    const known = {
      type,
      name: m.name,
      alias: m.alias,
      hotplugCpus: m.hotpluggableCpus ? "yes" : null,
      maxCpus: m.maxCpus,
      default: m.isDefault ? "yes" : null,
      defaultCPU: m.defaultCpu,
      numaMemSupported: m.numaMemSupported ? "yes" : null,
      defaultRAMid: m.defaultRamId,
      deprecated: m.deprecated ? "yes" : null,
    };
    return `  <machine${attributes(known)}/>`;
  });
}

function attributes(values: Readonly<Record<string, string | number | null>>): string {
  const there = Object.entries(values).filter(([, value]) => value !== null);
  return there.map(([name, value]) => ` ${name}='${escapeXml(String(value))}'`).join("");
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}
