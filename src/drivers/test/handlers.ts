/** All handlers of the test driver. */
import { withOlderForms } from "../../driver/domain/older-forms.ts";
import { domainEventHandlers } from "../../driver/events.ts";
import type { Driver } from "../../driver/handler.ts";
import { networkPortHandlers } from "../../driver/network/ports.ts";
import { secretHandlers } from "../../driver/secrets.ts";
import { domainListTwins } from "../../driver/twins.ts";
import { domainDefineHandlers } from "./domain/define.ts";
import { domainDeviceHandlers } from "./domain/devices.ts";
import { domainJobHandlers } from "./domain/jobs.ts";
import { domainLifecycleHandlers } from "./domain/lifecycle.ts";
import { domainMetadataHandlers } from "./domain/metadata.ts";
import { domainSaveHandlers } from "./domain/save.ts";
import { domainGuestHandlers } from "./guest/guest.ts";
import { domainScreenHandlers } from "./guest/screen.ts";
import { domainStatsHandlers } from "./guest/stats.ts";
import { checkpointHandlers } from "./moments/checkpoints.ts";
import { snapshotRevertHandlers } from "./moments/snapshot-revert.ts";
import { snapshotHandlers } from "./moments/snapshots.ts";
import { networkDetailHandlers } from "./network/details.ts";
import { networkHandlers } from "./network/networks.ts";
import { nodeDeviceHandlers } from "./node/devices.ts";
import { interfaceHandlers } from "./node/interfaces.ts";
import { nodeHandlers } from "./node/node.ts";
import type { TestNode } from "./state.ts";
import { storagePoolHandlers } from "./storage/pools.ts";
import { volumeStreamHandlers } from "./storage/volume-streams.ts";
import { volumeHandlers } from "./storage/volumes.ts";
import { domainCpuHandlers } from "./tuning/cpu.ts";
import { domainDeviceTuningHandlers } from "./tuning/devices.ts";
import { domainIothreadHandlers } from "./tuning/iothreads.ts";
import { domainMemoryHandlers } from "./tuning/memory.ts";
import { domainTuningHandlers } from "./tuning/shares.ts";

/** The handlers that serve a connection to the node. */
export function makeHandlers(node: TestNode): Driver {
  const domains = domainDefineHandlers(node);
  return withOlderForms({
    ...nodeHandlers(node),
    ...domains,
    ...domainListTwins(domains.connectListAllDomains),
    ...domainEventHandlers(node.events),
    ...domainLifecycleHandlers(node),
    ...domainMemoryHandlers(node),
    ...domainMetadataHandlers(node),
    ...domainSaveHandlers(node),
    ...domainDeviceHandlers(node),
    ...domainJobHandlers(node),
    ...domainStatsHandlers(node),
    ...domainTuningHandlers(node),
    ...domainDeviceTuningHandlers(node),
    ...domainIothreadHandlers(node),
    ...domainGuestHandlers(node),
    ...domainScreenHandlers(node),
    ...domainCpuHandlers(node),
    ...snapshotHandlers(node),
    ...snapshotRevertHandlers(node),
    ...checkpointHandlers(node),
    ...networkHandlers(node),
    ...networkDetailHandlers(node),
    ...networkPortHandlers({ networks: node.networks, domain: "TEST" }),
    ...interfaceHandlers(node),
    ...nodeDeviceHandlers(node),
    ...storagePoolHandlers(node),
    ...volumeHandlers(node),
    ...volumeStreamHandlers(node),
    ...secretHandlers(node.secrets),
  });
}
