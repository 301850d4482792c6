/** The handlers that ask or tune: everything of a guest but its life and its devices. */
import { metadataHandlers } from "../../../driver/domain/kept/metadata.ts";
import type { QemuHost } from "../host.ts";
import { addressHandlers } from "./addresses.ts";
import { blockTuneHandlers } from "./block-tune.ts";
import { blockHandlers } from "./blocks.ts";
import { capabilityHandlers } from "./capabilities.ts";
import { commandHandlers } from "./commands.ts";
import { consoleHandlers } from "./consoles.ts";
import { cpuStatsHandlers } from "./cpu-stats.ts";
import { dirtyRateHandlers } from "./dirty-rate.ts";
import { guestHandlers } from "./guest.ts";
import { guestInfoHandlers } from "./guest-info.ts";
import { guestVcpuHandlers } from "./guest-vcpus.ts";
import { infoHandlers } from "./info.ts";
import { interfaceHandlers } from "./interfaces.ts";
import { iothreadHandlers } from "./iothreads.ts";
import { keyHandlers } from "./keys.ts";
import { memoryHandlers } from "./memory.ts";
import { messageHandlers } from "./messages.ts";
import { nativeHandlers } from "./native.ts";
import { nodeHandlers } from "./node.ts";
import { nodeMemoryHandlers } from "./node-memory.ts";
import { pinHandlers } from "./pins.ts";
import { screenHandlers } from "./screen.ts";
import { securityHandlers } from "./security.ts";
import { statsHandlers } from "./stats.ts";
import { tuningHandlers } from "./tuning.ts";
import { vcpuHandlers } from "./vcpus.ts";

export function queryHandlers(host: QemuHost) {
  return {
    ...nodeHandlers(host),
    ...nodeMemoryHandlers(),
    ...capabilityHandlers(host),
    ...nativeHandlers(host),
    ...securityHandlers(host),
    ...infoHandlers(host),
    ...messageHandlers(host),
    ...metadataHandlers(host),
    ...memoryHandlers(host),
    ...vcpuHandlers(host),
    ...pinHandlers(host),
    ...cpuStatsHandlers(host),
    ...iothreadHandlers(host),
    ...tuningHandlers(host),
    ...blockHandlers(host),
    ...blockTuneHandlers(host),
    ...interfaceHandlers(host),
    ...addressHandlers(host),
    ...statsHandlers(host),
    ...guestHandlers(host),
    ...guestVcpuHandlers(host),
    ...guestInfoHandlers(host),
    ...commandHandlers(host),
    ...keyHandlers(host),
    ...screenHandlers(host),
    ...consoleHandlers(host),
    ...dirtyRateHandlers(host),
  };
}
