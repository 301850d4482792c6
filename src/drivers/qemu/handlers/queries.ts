/** The handlers that ask or tune: everything of a guest but its life and its devices. */
import { metadataHandlers } from "../../../driver/domain/kept/metadata.ts";
import type { QemuHost } from "../host.ts";
import { blockTuneHandlers } from "./devices/block-tune.ts";
import { blockHandlers } from "./devices/blocks.ts";
import { consoleHandlers } from "./devices/consoles.ts";
import { interfaceHandlers } from "./devices/interfaces.ts";
import { screenHandlers } from "./devices/screen.ts";
import { infoHandlers } from "./domains/info.ts";
import { messageHandlers } from "./domains/messages.ts";
import { nativeHandlers } from "./domains/native.ts";
import { securityHandlers } from "./domains/security.ts";
import { statsHandlers } from "./domains/stats.ts";
import { addressHandlers } from "./guest/addresses.ts";
import { commandHandlers } from "./guest/commands.ts";
import { guestHandlers } from "./guest/guest.ts";
import { guestInfoHandlers } from "./guest/info.ts";
import { keyHandlers } from "./guest/keys.ts";
import { guestVcpuHandlers } from "./guest/vcpus.ts";
import { capabilityHandlers } from "./node/capabilities.ts";
import { nodeMemoryHandlers } from "./node/memory.ts";
import { nodeHandlers } from "./node/node.ts";
import { dirtyRateHandlers } from "./run/dirty-rate.ts";
import { cpuStatsHandlers } from "./tuning/cpu-stats.ts";
import { iothreadHandlers } from "./tuning/iothreads.ts";
import { memoryHandlers } from "./tuning/memory.ts";
import { pinHandlers } from "./tuning/pins.ts";
import { tuningHandlers } from "./tuning/tuning.ts";
import { vcpuHandlers } from "./tuning/vcpus.ts";

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
