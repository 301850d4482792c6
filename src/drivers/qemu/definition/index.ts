/** Completes definitions as libvirt's QEMU driver does. Nothing here touches the host: what it must know is in the context. */
import type { CompletionOptions } from "../../../model/domain/index.ts";
import { assignAddresses } from "../addresses/index.ts";
import { completeBasics } from "./basics.ts";
import { completeCharDevices } from "./chardevs.ts";
import type { DefinitionContext } from "./context.ts";
import { completeControllers } from "./controllers.ts";
import { completeCpu } from "./cpu.ts";
import { addDefaultDevices } from "./default-devices.ts";
import { completeDevices } from "./devices.ts";
import { completeGic } from "./features.ts";
import { completeVariables } from "./firmware.ts";
import { alignMemoryModules } from "./memory.ts";
import { completeNumaCpus } from "./numa.ts";
import { completeSecurityModel } from "./security.ts";
import { completeVideos } from "./video.ts";

export { acceleratorOf, requiredArch, type WantedEmulator, wantedEmulator } from "./basics.ts";
export type { DefinitionContext } from "./context.ts";
export { audioFromEnvironment } from "./host-audio.ts";

/** What the QEMU driver brings to the completion of a definition. */
export function completionFor(context: DefinitionContext): CompletionOptions {
  const { abiUpdate, newUuid, newMac } = context;
  return {
    arch: context.hostArch,
    ...(abiUpdate === undefined ? {} : { abiUpdate }),
    ...(newUuid === undefined ? {} : { newUuid }),
    ...(newMac === undefined ? {} : { newMac }),
    hooks: {
      basics: (domain) => completeBasics(domain, context),
      domain: (domain) => {
        completeVariables(domain, context);
        completeSecurityModel(domain, context);
        addDefaultDevices(domain, context);
        completeGic(domain, context);
        completeCpu(domain, context);
        completeNumaCpus(domain);
      },
      devices: (domain) => {
        completeControllers(domain, context);
        completeDevices(domain, context);
        alignMemoryModules(domain, context);
        completeVideos(domain, context);
        completeCharDevices(domain, context);
      },
      addresses: (domain) => {
        completeControllers(domain, context);
        assignAddresses(domain, context);
      },
    },
  };
}
