/** Which guests can run here, and what their definitions may say. */
import { readFile } from "node:fs/promises";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { describeHostPart } from "../../../driver/host-capabilities.ts";
import { LibvirtError } from "../../../errors.ts";
import { parseCpuinfo } from "../../../host/node/cpuinfo.ts";
import { describeHost, thisHost } from "../../../host/node/description.ts";
import { pageSize } from "../../../host/node/page-size.ts";
import { describeProcessor, hostArch } from "../../../host/node/processor.ts";
import { capabilitiesDocument, formatCapabilities, type GuestCapabilities } from "../../../model/capabilities.ts";
import { domainCapabilitiesDocument } from "../../../model/domain-capabilities.ts";
import type { XenHost } from "../host.ts";
import { HostCapability } from "../hypervisor/index.ts";
import { maxVcpus } from "./node.ts";

type CapabilityProcedures = "connectGetCapabilities" | "connectGetDomainCapabilities";

/** Kinds of guests: what libvirt calls them and their machines. */
type Kind = "xen" | "xenpvh" | "hvm";
const machines: Readonly<Record<Kind, string>> = { xen: "xenpv", xenpvh: "xenpvh", hvm: "xenfv" };

/** The hypervisor's words for what it runs, `hvm-3.0-x86_32p`, as kinds and architectures. */
interface Runnable {
  readonly kind: Kind;
  readonly arch: string;
  readonly isPae: boolean;
}

function runnable(words: string, hasHap: boolean): Runnable[] {
  const found: Runnable[] = [];
  for (const word of words.split(/\s+/)) {
    const [, way, bits, pae] = /^(xen|hvm)-\d+\.\d+-x86_(32|64)(p?)$/.exec(word) ?? [];
    if (way === undefined) continue;
    const arch = bits === "64" ? "x86_64" : "i686";
    const kinds: readonly Kind[] = way === "xen" ? ["xen"] : hasHap ? ["hvm", "xenpvh"] : ["hvm"];
    for (const kind of kinds) found.push({ kind, arch, isPae: pae === "p" });
  }
  return found;
}

function guestsOf(all: readonly Runnable[]): GuestCapabilities[] {
  const keys = [...new Set(all.map(({ kind, arch }) => `${kind} ${arch}`))];
  return keys.map((key) => {
    const same = all.filter(({ kind, arch }) => `${kind} ${arch}` === key);
    const [{ kind, arch } = { kind: "xen", arch: hostArch } as const] = same;
    const narrow = arch === "i686";
    return {
      osType: kind === "xen" ? "linux" : kind,
      arch: {
        name: arch,
        wordsize: narrow ? 32 : 64,
        machines: [{ name: machines[kind], maxCpus: kind === "xen" ? maxVcpus : maxHvmVcpus }],
        domains: [{ type: "xen" }],
      },
      features: {
        pae: narrow && (kind === "xen" || same.some(({ isPae }) => isPae)),
        nonpae: narrow && kind === "hvm" && same.some(({ isPae }) => !isPae),
        ...{ cpuselection: false, deviceboot: false },
        ...(kind === "hvm" && { acpi: { default: true, toggle: true }, apic: { default: true, toggle: true } }),
      },
    };
  });
}

/** As many virtual processors as the hypervisor gives a guest with hardware virtualization. */
const maxHvmVcpus = 128;

async function runnableOn({ roads }: XenHost): Promise<Runnable[]> {
  const { HAP, SHADOW } = HostCapability;
  const { capabilities } = await roads.hostInfo();
  return runnable(await roads.capabilities(), (capabilities & (HAP | SHADOW)) !== 0);
}

async function describe(host: XenHost): Promise<string> {
  const [description, cpuinfo] = await Promise.all([
    pageSize().then((size) => describeHost(thisHost, size)),
    readFile("/proc/cpuinfo", "utf8").catch(() => ""),
  ]);
  const part = describeHostPart({
    host: description,
    processor: describeProcessor(parseCpuinfo(cpuinfo), hostArch),
    securityModels: [],
    transports: undefined,
  });
  return formatCapabilities(capabilitiesDocument.make({ host: part, guests: guestsOf(await runnableOn(host)) }));
}

/** What a guest's processor may be said to be like: Xen's is always the host's, with what `cpuid` takes away. */
const cpuModes = ["host-passthrough", "maximum", "host-model", "custom"] as const;

interface Question {
  readonly emulatorbin: string | null;
  readonly arch: string | null;
  readonly machine: string | null;
  readonly virttype: string | null;
}

const invalidArg = (detail: string): LibvirtError => new LibvirtError("INVALID_ARG", "XEN", detail);

async function describeDomains(host: XenHost, { emulatorbin, arch, machine, virttype }: Question): Promise<string> {
  if (virttype !== null && virttype !== "xen") throw invalidArg(`unknown virttype '${virttype}': Xen has 'xen'`);
  const all = await runnableOn(host);
  const kinds = Object.keys(machines) as Kind[];
  const kind = machine === null ? (all[0]?.kind ?? "xen") : kinds.find((one) => machines[one] === machine);
  // Where no architecture is asked for it is the host's own, if such guests have it.
  const [found] = all
    .filter((one) => one.kind === kind && one.arch === (arch ?? one.arch))
    .sort((a, b) => Number(b.arch === hostArch) - Number(a.arch === hostArch));
  if (kind === undefined || !found) throw invalidArg(`no guests of machine '${machine}' and arch '${arch}' run here`);
  const isHvm = kind === "hvm";
  const enums = (named: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(named).map(([name, values]) => ({ name, values: [...values] }));
  return domainCapabilitiesDocument.format(
    domainCapabilitiesDocument.make({
      path: emulatorbin ?? "/usr/bin/qemu-system-i386",
      domain: "xen",
      machine: machines[kind],
      arch: found.arch,
      vcpu: { max: isHvm || kind === "xenpvh" ? maxHvmVcpus : maxVcpus },
      iothreads: { supported: false },
      os: { supported: true, loader: { supported: isHvm, enums: isHvm ? enums({ type: ["rom", "pflash"] }) : [] } },
      cpu: { modes: cpuModes.map((name) => ({ name, supported: false })) },
      devices: {
        disk: {
          supported: true,
          enums: enums({
            diskDevice: isHvm ? ["disk", "cdrom", "floppy"] : ["disk", "cdrom"],
            bus: isHvm ? ["ide", "scsi", "xen"] : ["xen"],
          }),
        },
        graphics: { supported: true, enums: enums({ type: ["sdl", "vnc", "spice"] }) },
        video: { supported: true, enums: enums({ modelType: isHvm ? ["vga", "cirrus", "xen"] : ["xen"] }) },
        hostdev: {
          supported: true,
          enums: enums({
            ...{ mode: ["subsystem"], startupPolicy: ["default"] },
            ...{ subsysType: ["usb", "pci"], pciBackend: ["xen"] },
          }),
        },
      },
      features: {
        ...{ gic: { supported: false }, vmcoreinfo: { supported: false }, genid: { supported: false } },
        ...{ sev: { supported: false }, sgx: { supported: false } },
      },
    }),
  );
}

export function capabilityHandlers(host: XenHost): Handlers<CapabilityProcedures> {
  return {
    connectGetCapabilities: async () => ({ capabilities: await describe(host) }),
    async connectGetDomainCapabilities({ flags, ...question }) {
      checkFlags(flags, 0, "connectGetDomainCapabilities", "XEN");
      return { capabilities: await describeDomains(host, question) };
    },
  };
}
