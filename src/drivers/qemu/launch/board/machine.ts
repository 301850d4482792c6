/** `-machine` and `-accel`: the board, its switches, and how guest code runs. */
import type { Domain, Features } from "../../../../model/domain/index.ts";
import { acceleratorOf } from "../../definition/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import type { Guest } from "../context.ts";
import { usesHmat } from "../memory/hmat.ts";
import { defaultRamId } from "../memory/memory.ts";
import { keyedOption } from "../parts/keyed-option.ts";
import { option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import { pflashNodes } from "./firmware.ts";
import { machineAcpi } from "./power.ts";

export function machineParts(guest: Guest): Part[] {
  const { domain } = guest;
  const props = {
    // Controllers are devices of their own; without this, some boards bring one that nobody asked for.
    usb: "off",
    ...switches(guest),
    ...cryptography(domain),
    ...interruptController(guest),
    iommu: domain.devices.iommu?.model === "smmuv3" ? "smmuv3" : undefined,
    "dump-guest-core": domain.memory.dumpCore ?? guest.settings.dumpGuestCore,
    "mem-merge": domain.memoryBacking?.nosharepages === true ? "off" : undefined,
    nvdimm: domain.devices.memories.some(({ model }) => model === "nvdimm") ? "on" : undefined,
    ...pseries(domain.features, domain),
    loadparm: loadparm(guest),
    ...memory(guest),
    ...pflashNodes(domain),
    ...confidentiality(guest),
    hmat: usesHmat(domain) ? "on" : undefined,
    acpi: machineAcpi(guest),
    hpet: hpet(guest),
    ...enclaves(domain),
  };
  return [keyedOption("-machine", domain.os.type.machine, props), acceleratorPart(domain)];
}

function acceleratorPart(domain: Domain): Part {
  const { features } = domain;
  const accelerator = acceleratorOf(domain);
  const ring = features?.kvm?.dirtyRing;
  return keyedOption("-accel", accelerator, {
    // MiB on the command line.
    "tb-size": accelerator === "tcg" ? mib(features?.tcg?.tbCache) : undefined,
    "dirty-ring-size": accelerator === "kvm" && ring?.state === true ? ring.size : undefined,
  });
}

const mib = (kib: bigint | undefined): bigint | undefined => (kib === undefined || kib === 0n ? undefined : kib >> 10n);

function switches({ domain: { features } }: Guest): JsonObject {
  return {
    vmport: features?.vmport?.state,
    smm: features?.smm?.state,
    kernel_irqchip: features?.ioapic === undefined ? undefined : irqchips[features.ioapic],
  };
}

const irqchips: { readonly [driver in NonNullable<Features["ioapic"]>]: string } = { kvm: "on", qemu: "split" };

function cryptography({ keywrap }: Domain): JsonObject {
  const state = (wanted: string) => keywrap?.ciphers.find(({ name }) => name === wanted)?.state;
  return { "aes-key-wrap": state("aes"), "dea-key-wrap": state("dea") };
}

/** A guest's interrupt controller is of version 2 where emulators cannot be told. */
function interruptController({ domain: { features }, capabilities }: Guest): JsonObject {
  const version = features?.gic?.version;
  if (version === undefined || (version === "2" && !capabilities.has("gic-version"))) return {};
  return { "gic-version": version };
}

function pseries(features: Features | undefined, { cpu }: Domain): JsonObject {
  const maxPage = features?.hpt?.maxpagesize;
  return {
    "resize-hpt": features?.hpt?.resizing,
    "cap-hpt-max-page-size": maxPage === undefined ? undefined : `${maxPage}k`,
    "cap-htm": features?.htm?.state,
    "cap-nested-hv": features?.nestedHv?.state,
    "cap-ccf-assist": features?.ccfAssist?.state,
    "cap-cfpc": features?.cfpc,
    "cap-sbbc": features?.sbbc,
    "cap-ibs": features?.ibs,
    // The host's own processor, behaving like an older generation of it.
    "max-cpu-compat": cpu?.mode === "host-model" ? cpu.model?.value?.toLowerCase() : undefined,
  };
}

/** s390 machines look here for what the device that is booted from says about its configuration. */
function loadparm({ domain, capabilities }: Guest): string | undefined {
  if (!capabilities.has("loadparm")) return undefined;
  const { disks, interfaces, hostdevs } = domain.devices;
  const passed = hostdevs.filter((hostdev) => hostdev.mode === "subsystem");
  return [...disks, ...interfaces, ...passed].find(({ boot }) => boot?.order === 1)?.boot?.loadparm;
}

/** The memory of guests without NUMA nodes is an object of its own, under the name that the board's own would have. */
function memory(guest: Guest): JsonObject {
  return { "memory-backend": defaultRamId(guest) };
}

function confidentiality({ domain, capabilities }: Guest): JsonObject {
  if (domain.launchSecurity === undefined) return {};
  const key = capabilities.has("confidential-guest-support") ? "confidential-guest-support" : "memory-encryption";
  return { [key]: "lsec0" };
}

const hpetTimer = ({ clock }: Domain) => clock.timers.find(({ name }) => name === "hpet");

function hpet({ domain, capabilities }: Guest): boolean | undefined {
  return capabilities.has("machine-hpet") ? hpetTimer(domain)?.present : undefined;
}

/** Older emulators have a switch of its own for it. */
export function noHpetParts({ domain, capabilities }: Guest): Part[] {
  const off = hpetTimer(domain)?.present === false;
  return off && capabilities.has("no-hpet") ? [option("-no-hpet")] : [];
}

/** Memory for enclaves is no device: the board is told of it. */
function enclaves({ devices }: Domain): JsonObject {
  const modules = devices.memories.filter(({ model }) => model === "sgx-epc");
  const props = modules.flatMap(({ alias, target }, index) => [
    [`sgx-epc.${index}.memdev`, `mem${alias}`],
    [`sgx-epc.${index}.node`, target.node],
  ]);
  return Object.fromEntries(props) as JsonObject;
}
