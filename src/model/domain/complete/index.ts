/**
 * What libvirt fills in after reading a definition, in a fixed order. Every pass is a function of its own that changes
 * the fresh definition in place; a driver's own passes run between them.
 */
import type { Domain, ParsedDomain } from "../domain.ts";
import type { Video } from "../video.ts";
import { completeCharDevices, refreshConsole } from "./chardev.ts";
import {
  addHostdevControllers,
  addImpliedControllers,
  completeCompanions,
  numberControllers,
  refuseDuplicateControllers,
  sortControllers,
} from "./controllers.ts";
import { completeCpu } from "./cpu.ts";
import { completeOtherDevices } from "./devices.ts";
import { completeDisks } from "./disk.ts";
import { completeGraphics, completeVideos } from "./graphics.ts";
import { completeIdentity } from "./identity.ts";
import { completeInterfaces } from "./interface.ts";
import { completeIothreads } from "./iothreads.ts";
import { completeMemory } from "./memory.ts";
import type { CompletionOptions } from "./options.ts";
import { completeClock, completeFeatures, completeOs, completeResource } from "./os.ts";
import { completeSecurity } from "./security.ts";
import { completeBlkiotune, completeCputune, completeNumatune } from "./tuning.ts";
import { completeVcpus } from "./vcpus.ts";

export type { CompletionHooks, CompletionOptions } from "./options.ts";

/**
 * Completes a definition that was read or made: changes it in place and returns it.
 * @throws LibvirtError for what contradicts itself.
 */
export function completeDefinition(domain: ParsedDomain, options: CompletionOptions = {}): Domain {
  const { hooks = {} } = options;
  const uuid = completeIdentity(domain, options);
  completeOs(domain, options);
  hooks.basics?.(domain);
  completeVcpus(domain);
  completeIothreads(domain);
  completeTuning(domain);
  completeClock(domain);
  completeFeatures(domain);
  completeResource(domain);
  completeCompanions(domain);
  sortControllers(domain);
  numberControllers(domain);
  addHostdevControllers(domain);
  hooks.domain?.(domain);
  completeDevices(domain, options);
  numberControllers(domain);
  completeCpu(domain);
  completeMemory(domain, options);
  refuseDuplicateControllers(domain);
  addImpliedControllers(domain);
  hooks.addresses?.(domain);
  refreshConsole(domain);
  return Object.assign(domain, { uuid });
}

function completeTuning(domain: ParsedDomain): void {
  completeCputune(domain);
  completeBlkiotune(domain);
  completeNumatune(domain);
}

function completeDevices(domain: ParsedDomain, options: CompletionOptions): void {
  completeCharDevices(domain);
  options.hooks?.devices?.(domain);
  completeDisks(domain, options);
  completeInterfaces(domain, options);
  completeGraphics(domain);
  completeVideos(domain, options.defaultVideo ?? defaultVideo);
  completeOtherDevices(domain, options);
  completeSecurity(domain);
}

function defaultVideo(): Video["model"] {
  return { type: "cirrus" };
}
