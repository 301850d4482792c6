/**
 * The launch of a domain, as a value. Nothing here touches the host: the definition is complete, what starting it
 * decides is decided (see {@link prepareLaunch}), and facts are in the context.
 */
import { LibvirtError } from "../../../errors.ts";
import type { Domain } from "../../../model/domain/index.ts";
import { bootParts, serialBiosParts } from "./board/boot.ts";
import { clockEnvironment, clockParts } from "./board/clock.ts";
import { flashParts, loaderParts } from "./board/firmware.ts";
import { globalParts } from "./board/globals.ts";
import { generationParts, identityParts } from "./board/identity.ts";
import { launchSecurityFiles, launchSecurityParts } from "./board/launch-security.ts";
import { machineParts, noHpetParts } from "./board/machine.ts";
import { powerParts } from "./board/power.ts";
import { firmwareConfigurationParts, smbiosParts } from "./board/smbios.ts";
import type { Guest, LaunchContext } from "./context.ts";
import { audioEnvironment, audioParts } from "./devices/audio.ts";
import { memoryDeviceParts } from "./devices/memory-device.ts";
import { kindParts } from "./devices/parts.ts";
import { tpmParts } from "./devices/tpm.ts";
import { lentParts } from "./images/lent.ts";
import { memoryFolders, memoryParts, numaParts } from "./memory/memory.ts";
import { monitorParts } from "./monitor.ts";
import { addedEnvironment, addedWords, capabilitiesFor } from "./namespaces.ts";
import { device, option } from "./parts/make-part.ts";
import type { Part } from "./parts/part.ts";
import { renderParts } from "./parts/render.ts";
import { firstDescriptor, type LaunchPlan, type PlannedDescriptor } from "./plan.ts";
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
import { cpuParts } from "./processors/cpu.ts";
import { iothreadParts, mainLoopParts, processorParts } from "./processors/processors.ts";
import { graphicsEnvironment, graphicsParts, noDisplayParts } from "./screens/graphics.ts";

export type {
  GraphicsSettings,
  HugepageMount,
  LaunchContext,
  LaunchFacts,
  LaunchSettings,
} from "./context.ts";
export type { Part } from "./parts/part.ts";
export { renderParts } from "./parts/render.ts";
export type { LaunchPlan, PlannedDescriptor, PlannedFile } from "./plan.ts";
export { type PrepareContext, prepareLaunch } from "./prepare.ts";
export type { HostCpu } from "./processors/host-cpu.ts";

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
