/** Which guests can run here, and how this driver calls itself. */
import { readFile } from "node:fs/promises";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { LibvirtError } from "../../../../errors.ts";
import { parseCpuinfo } from "../../../../host/node/cpuinfo.ts";
import { describeHost, thisHost } from "../../../../host/node/description.ts";
import { pageSize } from "../../../../host/node/page-size.ts";
import { describeProcessor, hostArch } from "../../../../host/node/processor.ts";
import { formatCapabilities } from "../../../../model/capabilities.ts";
import type { Accelerator } from "../../capabilities/accelerator.ts";
import { QemuCapabilities } from "../../capabilities/capabilities.ts";
import { namedCpuModels } from "../../capabilities/cpu-names.ts";
import { formatDomainCapabilities } from "../../capabilities/domain-capabilities.ts";
import { findEmulators } from "../../capabilities/emulators.ts";
import { describeCapabilities, type Emulator } from "../../capabilities/host-capabilities.ts";
import { type Firmware, firmwareFolders, readFirmware } from "../../firmware/descriptor.ts";
import { runsOn } from "../../firmware/select.ts";
import type { QemuHost } from "../../host.ts";
import { emulatedTpmVersions } from "../../run/tpm/programs.ts";
import { securityModel } from "../domains/security.ts";

type CapabilityProcedures =
  | "connectGetType"
  | "connectGetVersion"
  | "connectGetMaxVcpus"
  | "connectGetCapabilities"
  | "connectGetDomainCapabilities"
  | "connectGetCpuModelNames";

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "QEMU", detail);
}

/** Accelerators by the type that a domain's document has. */
const accelerators: Readonly<Record<string, Accelerator>> = { qemu: "tcg", kvm: "kvm", hvf: "hvf" };

/** As many as libvirt has always said of guests without hardware's help; machine types tell more exactly. */
const emulatedVcpus = 16;

async function maxVcpus(host: QemuHost, type: string | null): Promise<number> {
  const name = (type ?? "qemu").toLowerCase();
  if (name === "qemu") return emulatedVcpus;
  if (name !== "kvm") throw invalidArg(`unknown type '${type}'`);
  const machine = (await ownEmulator(host)).capabilities.accelerator("kvm")?.machines[0];
  if (machine) return machine.maxCpus;
  throw new LibvirtError("SYSTEM_ERROR", "QEMU", "Unable to open /dev/kvm: KVM cannot be used on this host");
}

/** The emulator for guests like the host. */
async function ownEmulator(host: QemuHost): Promise<Emulator> {
  return emulatorOf(host, hostArch);
}

async function emulatorOf(host: QemuHost, arch: string): Promise<Emulator> {
  const binary = await host.emulatorFor(arch);
  if (binary === undefined) {
    throw invalidArg(`unable to find any emulator to serve '${arch}' architecture: install QEMU for it`);
  }
  return { binary, capabilities: asArch(await host.capabilities.get(binary), arch) };
}

/** Emulators of 64-bit machines stand in for those of 32-bit ones where these are not installed. */
function asArch(capabilities: QemuCapabilities, arch: string): QemuCapabilities {
  return capabilities.arch === arch ? capabilities : new QemuCapabilities({ ...capabilities.data, arch });
}

async function describeThisHost(host: QemuHost): Promise<string> {
  const [description, cpuinfo, installed] = await Promise.all([
    pageSize().then((size) => describeHost(thisHost, size)),
    readFile("/proc/cpuinfo", "utf8").catch(() => ""),
    findEmulators(),
  ]);
  const emulators: Emulator[] = [];
  // One at a time: each unknown emulator is started to be asked.
  for (const [arch, binary] of installed) {
    emulators.push({ binary, capabilities: asArch(await host.capabilities.get(binary), arch) });
  }
  return formatCapabilities(
    describeCapabilities({
      host: description,
      processor: describeProcessor(parseCpuinfo(cpuinfo), hostArch),
      securityModels: [securityModel(host)],
      transports: undefined,
      emulators,
    }),
  );
}

interface GuestQuestion {
  readonly emulatorbin: string | null;
  readonly arch: string | null;
  readonly machine: string | null;
  readonly virttype: string | null;
}

async function describeGuests(host: QemuHost, question: GuestQuestion): Promise<string> {
  const { binary, capabilities } = await emulatorFor(host, question);
  const accelerator = acceleratorFor(capabilities, question.virttype);
  if (capabilities.accelerator(accelerator) === null) {
    throw invalidArg(`the accelerator of virttype '${question.virttype}' is not supported by emulator '${binary}'`);
  }
  const { machine: name } = question;
  const machine = name === null ? capabilities.defaultMachine(accelerator) : capabilities.machine(name, accelerator);
  if (machine === null) throw invalidArg(`the machine '${name}' is not supported by emulator '${binary}'`);
  const [firmware, tpmVersions] = await Promise.all([
    readFirmware(thisHost.root, firmwareFolders()),
    emulatedTpmVersions(),
  ]);
  const usable = firmware.filter((one) => runsOn(one, capabilities.emulatorArch, machine.name));
  const loaders = [...new Set(usable.map(imageOf))];
  return formatDomainCapabilities({ binary, capabilities, accelerator, machine, firmware, loaders, tpmVersions });
}

async function emulatorFor(host: QemuHost, { emulatorbin, arch }: GuestQuestion): Promise<Emulator> {
  if (emulatorbin === null) return emulatorOf(host, arch ?? hostArch);
  const capabilities = await host.capabilities.get(emulatorbin);
  if (arch !== null && arch !== capabilities.arch) {
    throw invalidArg(`architecture from emulator '${capabilities.arch}' doesn't match given architecture '${arch}'`);
  }
  return { binary: emulatorbin, capabilities };
}

function acceleratorFor(capabilities: QemuCapabilities, virttype: string | null): Accelerator {
  if (virttype === null) return capabilities.accelerators[0] ?? "tcg";
  const accelerator = Object.hasOwn(accelerators, virttype) ? accelerators[virttype] : undefined;
  if (accelerator === undefined) throw invalidArg(`unknown virttype: ${virttype}`);
  return accelerator;
}

function imageOf({ mapping }: Firmware): string {
  return mapping.device === "flash" ? mapping.executable.path : mapping.path;
}

async function modelNames(host: QemuHost, arch: string): Promise<string[]> {
  const { capabilities } = await emulatorOf(host, arch);
  const models = capabilities.accelerators.flatMap((name) => capabilities.accelerator(name)?.cpuModels ?? []);
  const named = namedCpuModels(models, arch).map(({ model }) => model.name);
  return [...new Set(named)];
}

export function capabilityHandlers(host: QemuHost): Handlers<CapabilityProcedures> {
  return {
    connectGetType: () => ({ type: "QEMU" }),
    connectGetVersion: async () => ({ hvVer: BigInt((await ownEmulator(host)).capabilities.version) }),
    connectGetMaxVcpus: async ({ type }) => ({ maxVcpus: await maxVcpus(host, type) }),
    connectGetCapabilities: async () => ({ capabilities: await describeThisHost(host) }),
    async connectGetDomainCapabilities({ flags, ...question }) {
      checkFlags(flags, 0, "connectGetDomainCapabilities", "QEMU");
      return { capabilities: await describeGuests(host, question) };
    },
    async connectGetCpuModelNames({ arch, needResults, flags }) {
      checkFlags(flags, 0, "connectGetCpuModelNames", "QEMU");
      const models = await modelNames(host, arch);
      return { models: needResults ? models : [], ret: models.length };
    },
  };
}
