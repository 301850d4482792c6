/** What guests an emulator can run: the values that a domain's XML may have here (virConnectGetDomainCapabilities). */
import {
  type CpuMode,
  type DomainCapabilities,
  domainCapabilitiesDocument,
  type Enumeration,
} from "../../../model/domain-capabilities.ts";
import type { Firmware } from "../firmware/descriptor.ts";
import { runsOn } from "../firmware/select.ts";
import type { Accelerator, AcceleratorCapabilities, MachineType } from "./accelerator.ts";
import type { QemuCapabilities } from "./capabilities.ts";
import { namedCpuModels } from "./cpu-names.ts";
import type { CapabilityFlag } from "./flags.ts";

/** Whose guests, and what the host adds. */
export interface DomainCapabilitiesRequest {
  readonly binary: string;
  readonly capabilities: QemuCapabilities;
  readonly accelerator: Accelerator;
  readonly machine: MachineType;
  /** Installed firmware in order of preference. */
  readonly firmware: readonly Firmware[];
  /** Images that a domain may name as its loader. */
  readonly loaders: readonly string[];
  /** TPM versions that swtpm emulates here. */
  readonly tpmVersions: readonly string[];
}

function describeDomains(request: DomainCapabilitiesRequest): DomainCapabilities {
  const { binary, capabilities, accelerator, machine } = request;
  const has = (flag: CapabilityFlag) => capabilities.has(flag);
  return domainCapabilitiesDocument.make({
    path: binary,
    domain: accelerator === "tcg" ? "qemu" : accelerator,
    machine: machine.name,
    arch: capabilities.arch,
    vcpu: { max: machine.maxCpus },
    iothreads: { supported: has("iothread") },
    os: describeOs(request),
    cpu: { modes: cpuModes(request) },
    memoryBacking: supported([
      { name: "sourceType", values: ["file", "anonymous", ...when(has("memory-backend-memfd"), "memfd")] },
    ]),
    devices: describeDevices(request),
    features: describeFeatures(request),
  });
}

export function formatDomainCapabilities(request: DomainCapabilitiesRequest): string {
  return domainCapabilitiesDocument.format(describeDomains(request));
}

type Draft<K extends keyof DomainCapabilities> = Parameters<typeof domainCapabilitiesDocument.make>[0][K];

function describeOs({ capabilities, machine, firmware, loaders }: DomainCapabilitiesRequest): Draft<"os"> {
  const usable = firmware.filter((f) => runsOn(f, capabilities.emulatorArch, machine.name));
  const offers = (kind: string) => usable.some((f) => f.interfaces.includes(kind));
  const secure = usable.some((f) => f.features.has("secure-boot"));
  return {
    supported: true,
    enums: [{ name: "firmware", values: [...when(offers("bios"), "bios"), ...when(offers("uefi"), "efi")] }],
    loader: {
      supported: true,
      values: [...loaders],
      enums: lists([
        { name: "type", values: ["rom", "pflash"] },
        { name: "readonly", values: ["yes", "no"] },
        { name: "secure", values: [...when(secure, "yes"), "no"] },
      ]),
    },
  };
}

function cpuModes({ capabilities, accelerator }: DomainCapabilitiesRequest): CpuMode[] {
  const offered = capabilities.accelerator(accelerator);
  const migratable = [...when(capabilities.has("cpu.migratable"), "on"), "off"];
  const passthrough = accelerator !== "tcg";
  const maximum = capabilities.has("cpu-max");
  return [
    mode("host-passthrough", passthrough, [{ name: "hostPassthroughMigratable", values: migratable }]),
    mode("maximum", maximum, [{ name: "maximumMigratable", values: ["on", "off"] }]),
    hostModel(capabilities, offered),
    {
      ...mode("custom", true, []),
      models: namedCpuModels(offered?.cpuModels ?? [], capabilities.arch).map(({ model, vendor }) => ({
        usable: model.usable,
        ...(model.deprecated ? { deprecated: true } : {}),
        vendor,
        name: model.name,
      })),
    },
  ];
}

function mode(name: CpuMode["name"], isSupported: boolean, enums: readonly Enumeration[]): CpuMode {
  return { name, supported: isSupported, enums: isSupported ? lists(enums) : [], models: [], features: [] };
}

/** Only s390x emulators tell the host's CPU as a model that a guest's XML can name. */
function hostModel(capabilities: QemuCapabilities, offered: AcceleratorCapabilities | null): CpuMode {
  const cpu = capabilities.arch === "s390x" ? offered?.hostCpu : null;
  if (!cpu) return mode("host-model", false, []);
  const features = cpu.properties.filter((p) => typeof p.value === "boolean");
  return {
    ...mode("host-model", true, []),
    models: [{ fallback: "forbid", name: cpu.model }],
    features: features.map((p) => ({ policy: p.value === true ? "require" : "disable", name: p.name })),
  };
}

const virtioModels = (has: (flag: CapabilityFlag) => boolean): string[] => [
  "virtio",
  ...when(has("virtio-pci-non-transitional"), "virtio-transitional", "virtio-non-transitional"),
];

function describeDevices({ capabilities, machine, tpmVersions }: DomainCapabilitiesRequest): Draft<"devices"> {
  const has = (flag: CapabilityFlag) => capabilities.has(flag);
  const flagged = (values: Readonly<Record<string, CapabilityFlag | null>>): string[] =>
    Object.entries(values).flatMap(([value, flag]) => (flag === null || has(flag) ? [value] : []));
  const pseries = machine.name.startsWith("pseries");
  const usb = (["piix3-usb-uhci", "pci-ohci", "nec-usb-xhci", "qemu-xhci"] as const).some(has);
  return {
    disk: supported([
      { name: "diskDevice", values: ["disk", "cdrom", ...when(!pseries, "floppy"), "lun"] },
      {
        name: "bus",
        values: [
          ...when(hasIde(machine.name), "ide"),
          ...when(!pseries, "fdc"),
          ...["scsi", "virtio"],
          ...flagged({ usb: "usb-storage", sata: "ich9-ahci" }),
        ],
      },
      { name: "model", values: virtioModels(has) },
    ]),
    graphics: supported([
      {
        name: "type",
        values: flagged({
          sdl: "sdl",
          vnc: "vnc",
          spice: "spice",
          "egl-headless": "egl-headless",
          dbus: "display-dbus",
        }),
      },
    ]),
    video: supported([
      {
        name: "modelType",
        values: flagged({
          vga: "VGA",
          cirrus: "cirrus-vga",
          vmvga: "vmware-svga",
          qxl: "qxl",
          virtio: "virtio-gpu",
          none: null,
          bochs: "bochs-display",
          ramfb: "ramfb",
        }),
      },
    ]),
    hostdev: supported([
      { name: "mode", values: ["subsystem"] },
      { name: "startupPolicy", values: ["default", "mandatory", "requisite", "optional"] },
      { name: "subsysType", values: [...when(usb, "usb"), "pci", ...flagged({ scsi: "scsi-block" })] },
      { name: "capsType", values: [] },
      { name: "pciBackend", values: ["default", ...flagged({ vfio: "vfio-pci" })] },
    ]),
    rng: supported([
      { name: "model", values: virtioModels(has) },
      { name: "backendModel", values: flagged({ random: "rng-random", egd: "rng-egd", builtin: "rng-builtin" }) },
    ]),
    filesystem: supported([
      { name: "driverType", values: ["path", "handle", ...flagged({ virtiofs: "vhost-user-fs" })] },
    ]),
    tpm: describeTpm(flagged, tpmVersions),
    redirdev: has("usb-redir") ? supported([{ name: "bus", values: ["usb"] }]) : unsupported,
    channel: supported([{ name: "type", values: ["pty", "unix", ...flagged({ spicevmc: "spice" })] }]),
  };
}

type Device = NonNullable<DomainCapabilities["memoryBacking"]>;

function describeTpm(
  flagged: (values: Readonly<Record<string, CapabilityFlag | null>>) => string[],
  versions: readonly string[],
): Device {
  const models = flagged({
    "tpm-tis": "tpm-tis",
    "tpm-crb": "tpm-crb",
    "tpm-spapr": "tpm-spapr",
    "spapr-tpm-proxy": "spapr-tpm-proxy",
  });
  const backends = [
    ...flagged({ passthrough: "tpm-passthrough" }),
    ...when(versions.length > 0, ...flagged({ emulator: "tpm-emulator" })),
    ...flagged({ external: "tpm-emulator" }),
  ];
  if (models.length === 0 || backends.length === 0) return unsupported;
  return supported([
    { name: "model", values: models },
    { name: "backendModel", values: backends },
    ...(backends.includes("emulator") ? [{ name: "backendVersion", values: versions }] : []),
  ]);
}

function describeFeatures({ capabilities, accelerator, machine }: DomainCapabilitiesRequest): Draft<"features"> {
  const has = (flag: CapabilityFlag) => capabilities.has(flag);
  const { sev, sgx, gic } = capabilities.data;
  const versions = gic.filter((g) => (accelerator === "kvm" ? g.kernel : g.emulated)).map((g) => String(g.version));
  const gicUsable = versions.length > 0 && /^virt(-|$)/.test(machine.name);
  // libvirt tells these of TCG as well where the emulator has KVM.
  const hyperv = capabilities.accelerator("kvm")?.hyperv ?? [];
  return {
    gic: gicUsable ? supported([{ name: "version", values: versions }]) : unsupported,
    vmcoreinfo: { supported: has("vmcoreinfo") },
    genid: { supported: has("vmgenid") },
    backingStoreInput: { supported: true },
    backup: { supported: has("incremental-backup") },
    ...(capabilities.arch === "s390x" ? { s390Pv: { supported: has("s390-pv-guest") } } : {}),
    sev:
      sev === null
        ? { supported: false }
        : { supported: true, cbitpos: sev.cbitpos, reducedPhysBits: sev.reducedPhysBits },
    sgx: { supported: sgx !== null },
    ...(hyperv.length > 0 ? { hyperv: supported([{ name: "features", values: hyperv }]) } : {}),
  };
}

/** Machines with a built-in IDE controller. */
function hasIde(machine: string): boolean {
  return /^(pc$|pc-i440fx|pc-[01]\.|isapc|rhel6|malta|mac99|g3beige|sun4[uv]|pegasos2|fuloong2e)/.test(machine);
}

const unsupported: Device = { supported: false, enums: [] };

function supported(enums: readonly Enumeration[]): Device {
  return { supported: true, enums: lists(enums) };
}

function lists(enums: readonly Enumeration[]): { name: string; values: string[] }[] {
  return enums.map(({ name, values }) => ({ name, values: [...values] }));
}

function when<T>(condition: boolean, ...values: T[]): T[] {
  return condition ? values : [];
}
