/** All handlers of the test driver. */
import { withOlderForms } from "../../driver/domain/older-forms.ts";
import { domainEventHandlers } from "../../driver/events.ts";
import type { Driver } from "../../driver/handler.ts";
import { networkPortHandlers } from "../../driver/network/ports.ts";
import { secretHandlers } from "../../driver/secrets.ts";
import { domainListTwins } from "../../driver/twins.ts";
import { checkpointHandlers } from "./checkpoints.ts";
import { domainCpuHandlers } from "./domain-cpu.ts";
import { domainDefineHandlers } from "./domain-define.ts";
import { domainDeviceTuningHandlers } from "./domain-device-tuning.ts";
import { domainDeviceHandlers } from "./domain-devices.ts";
import { domainGuestHandlers } from "./domain-guest.ts";
import { domainIothreadHandlers } from "./domain-iothreads.ts";
import { domainJobHandlers } from "./domain-jobs.ts";
import { domainLifecycleHandlers } from "./domain-lifecycle.ts";
import { domainMemoryHandlers } from "./domain-memory.ts";
import { domainMetadataHandlers } from "./domain-metadata.ts";
import { domainSaveHandlers } from "./domain-save.ts";
import { domainScreenHandlers } from "./domain-screen.ts";
import { domainStatsHandlers } from "./domain-stats.ts";
import { domainTuningHandlers } from "./domain-tuning.ts";
import { interfaceHandlers } from "./interfaces.ts";
import { networkDetailHandlers } from "./network-details.ts";
import { networkHandlers } from "./networks.ts";
import { nodeHandlers } from "./node.ts";
import { nodeDeviceHandlers } from "./node-devices.ts";
import { storagePoolHandlers } from "./pools.ts";
import { snapshotRevertHandlers } from "./snapshot-revert.ts";
import { snapshotHandlers } from "./snapshots.ts";
import type { TestNode } from "./state.ts";
import { volumeStreamHandlers } from "./volume-streams.ts";
import { volumeHandlers } from "./volumes.ts";

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
