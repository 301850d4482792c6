/**
 * The launch of a domain, as a value. Nothing here touches the host: the definition is complete, what starting it
 * decides is decided (see {@link prepareLaunch}), and facts are in the context.
 */
import { LibvirtError } from "../../../errors.ts";
import type { Domain } from "../../../model/domain/index.ts";
import { audioEnvironment, audioParts } from "./audio.ts";
import { bootParts, serialBiosParts } from "./boot.ts";
import { clockEnvironment, clockParts } from "./clock.ts";
import type { Guest, LaunchContext } from "./context.ts";
import { cpuParts } from "./cpu.ts";
import { kindParts } from "./device-parts.ts";
import { flashParts, loaderParts } from "./firmware.ts";
import { globalParts } from "./globals.ts";
import { graphicsEnvironment, graphicsParts, noDisplayParts } from "./graphics.ts";
import { generationParts, identityParts } from "./identity.ts";
import { launchSecurityFiles, launchSecurityParts } from "./launch-security.ts";
import { lentParts } from "./lent.ts";
import { machineParts, noHpetParts } from "./machine.ts";
import { device, option } from "./make-part.ts";
import { memoryFolders, memoryParts, numaParts } from "./memory.ts";
import { memoryDeviceParts } from "./memory-device.ts";
import { monitorParts } from "./monitor.ts";
import { addedEnvironment, addedWords, capabilitiesFor } from "./namespaces.ts";
import type { Part } from "./part.ts";
import { firstDescriptor, type LaunchPlan, type PlannedDescriptor } from "./plan.ts";
import { powerParts } from "./power.ts";
import {
  compatibilityParts,
  environmentOf,
  incomingParts,
  logParts,
  masterKeyFile,
  masterKeyParts,
  nameParts,
  sandboxParts,
} from "./process.ts";
import { iothreadParts, mainLoopParts, processorParts } from "./processors.ts";
import { renderParts } from "./render.ts";
import { firmwareConfigurationParts, smbiosParts } from "./smbios.ts";
import { tpmParts } from "./tpm.ts";

export type {
  GraphicsSettings,
  HugepageMount,
  LaunchContext,
  LaunchFacts,
  LaunchSettings,
} from "./context.ts";
export type { HostCpu } from "./host-cpu.ts";
export type { Part } from "./part.ts";
export type { LaunchPlan, PlannedDescriptor, PlannedFile } from "./plan.ts";
export { type PrepareContext, prepareLaunch } from "./prepare.ts";
export { renderParts } from "./render.ts";

/**
 * Everything that starting the domain takes. The guest comes up stopped.
 * @throws LibvirtError for what this emulator or this host cannot run.
 */
export function planLaunch(domain: Domain, context: LaunchContext): LaunchPlan {
  const guest: Guest = { ...context, domain, capabilities: capabilitiesFor(domain, context.capabilities) };
  const { emulator } = domain.devices;
  if (emulator === undefined) throw new LibvirtError("INTERNAL_ERROR", "QEMU", "the domain has no emulator");
  const { fd, descriptors } = monitorDescriptor(guest);
  return {
    emulator,
    args: renderParts(partsOf(guest, fd), guest.capabilities),
    env: environment(guest),
    folders: memoryFolders(guest),
    files: [masterKeyFile(guest), ...launchSecurityFiles(guest)],
    descriptors,
  };
}

/** The monitor's socket comes after the devices' descriptors, whose numbers are given already. */
function monitorDescriptor({ monitor, descriptors }: Guest): {
  readonly fd: number;
  readonly descriptors: readonly PlannedDescriptor[];
} {
  if (monitor.kind === "descriptor") return { fd: monitor.fd, descriptors };
  const fd = firstDescriptor + descriptors.length;
  return { fd, descriptors: [...descriptors, { kind: "listen", path: monitor.path }] };
}

function environment(guest: Guest): Record<string, string> {
  const { domain } = guest;
  return {
    ...environmentOf(guest),
    ...clockEnvironment(domain),
    ...graphicsEnvironment(guest),
    ...audioEnvironment(guest),
    ...addedEnvironment(domain),
  };
}

/** All parts, each after those it names, in libvirt's order. */
function partsOf(guest: Guest, monitorFd: number): Part[] {
  return [...processParts(guest), ...boardParts(guest, monitorFd), ...pluggedParts(guest), ...lateParts(guest)];
}

function processParts(guest: Guest): Part[] {
  return [...nameParts(guest), ...compatibilityParts(guest), option("-S"), ...masterKeyParts(guest)];
}

function boardParts(guest: Guest, monitorFd: number): Part[] {
  return [
    ...flashParts(guest),
    ...machineParts(guest),
    ...cpuParts(guest),
    ...loaderParts(guest),
    ...memoryParts(guest),
    ...processorParts(guest),
    ...iothreadParts(guest),
    ...mainLoopParts(guest),
    ...numaParts(guest),
    ...identityParts(guest),
    ...generationParts(guest),
    ...smbiosParts(guest),
    ...firmwareConfigurationParts(guest),
    ...noDisplayParts(guest),
    option("-no-user-config"),
    option("-nodefaults"),
    ...serialBiosParts(guest),
    ...lentParts(guest),
    ...monitorParts(monitorFd),
    ...clockParts(guest),
    ...noHpetParts(guest),
    ...powerParts(guest),
    ...bootParts(guest),
    ...globalParts(guest),
  ];
}

function pluggedParts(guest: Guest): Part[] {
  const { memories, tpms } = guest.domain.devices;
  return [
    ...kindParts("iommu", guest),
    ...kindParts("controllers", guest),
    ...memories.flatMap((module) => memoryDeviceParts(module, guest)),
    ...kindParts("hubs", guest),
    ...kindParts("disks", guest),
    ...kindParts("filesystems", guest),
    ...kindParts("interfaces", guest),
    ...kindParts("smartcards", guest),
    ...kindParts("serials", guest),
    ...kindParts("parallels", guest),
    ...kindParts("channels", guest),
    ...kindParts("consoles", guest),
    ...tpms.flatMap((tpm) => tpmParts(tpm, guest)),
    ...kindParts("inputs", guest),
    ...audioParts(guest),
    ...graphicsParts(guest),
    ...kindParts("videos", guest),
    ...kindParts("sounds", guest),
    ...kindParts("watchdog", guest),
    ...kindParts("redirdevs", guest),
    ...kindParts("hostdevs", guest),
    ...incomingParts(guest),
    ...kindParts("memballoon", guest),
    ...kindParts("rngs", guest),
    ...(guest.domain.features?.vmcoreinfo?.state === true ? [device("vmcoreinfo", {})] : []),
    ...launchSecurityParts(guest),
    ...kindParts("shmems", guest),
  ];
}

function lateParts(guest: Guest): Part[] {
  const words = addedWords(guest.domain);
  return [
    ...(words.length === 0 ? [] : [option(...words)]),
    ...sandboxParts(guest),
    ...kindParts("panics", guest),
    ...kindParts("vsock", guest),
    ...logParts(guest),
  ];
}
