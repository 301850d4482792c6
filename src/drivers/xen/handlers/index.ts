/** All handlers of the Xen driver. */
import { localConnectHandlers } from "../../../driver/connect-handlers.ts";
import { metadataHandlers } from "../../../driver/domain/kept/metadata.ts";
import { withOlderForms } from "../../../driver/domain/older-forms.ts";
import { domainEventHandlers } from "../../../driver/events.ts";
import type { Driver } from "../../../driver/handler.ts";
import { domainListTwins } from "../../../driver/twins.ts";
import type { XenHost } from "../host.ts";
import { capabilityHandlers } from "./capabilities.ts";
import { consoleHandlers } from "./consoles.ts";
import { definitionHandlers } from "./definitions.ts";
import { deviceStatsHandlers } from "./device-stats.ts";
import { deviceHandlers } from "./devices.ts";
import { hostDeviceHandlers } from "./host-devices.ts";
import { infoHandlers } from "./info.ts";
import { jobHandlers } from "./jobs.ts";
import { lifecycleHandlers } from "./lifecycle.ts";
import { memoryHandlers } from "./memory.ts";
import { migrateFeatures, migrateHandlers } from "./migrate.ts";
import { nativeHandlers } from "./native.ts";
import { nodeHandlers } from "./node.ts";
import { runHandlers } from "./run.ts";
import { saveHandlers } from "./save.ts";
import { schedulerHandlers } from "./scheduler.ts";
import { statsHandlers } from "./stats.ts";
import { vcpuHandlers } from "./vcpus.ts";

/** The handlers that serve a connection to a root. */
export function makeHandlers(host: XenHost): Driver {
  const definitions = definitionHandlers(host);
  return withOlderForms({
    ...localConnectHandlers(migrateFeatures),
    ...definitions,
    ...domainListTwins(definitions.connectListAllDomains),
    ...domainEventHandlers(host.hub),
    ...runHandlers(host),
    ...saveHandlers(host),
    ...migrateHandlers(host),
    ...nodeHandlers(host),
    ...hostDeviceHandlers(host),
    ...capabilityHandlers(host),
    ...nativeHandlers(host.peers),
    ...infoHandlers(host),
    ...lifecycleHandlers(host),
    ...metadataHandlers(host),
    ...memoryHandlers(host),
    ...deviceHandlers(host),
    ...deviceStatsHandlers(host),
    ...statsHandlers(host),
    ...jobHandlers(host),
    ...consoleHandlers(host),
    ...vcpuHandlers(host),
    ...schedulerHandlers(host),
  });
}
