/** Every procedure and event in one table, and the types that follow from it. */
import { adminProcedures } from "./admin.ts";
import { authProcedures } from "./auth.ts";
import { checkpointProcedures } from "./checkpoint.ts";
import { connectProcedures } from "./connect.ts";
import { domainProcedures } from "./domain.ts";
import { domainBlockProcedures } from "./domain-block.ts";
import { domainCpuProcedures } from "./domain-cpu.ts";
import { domainDeviceProcedures } from "./domain-device.ts";
import { domainGuestProcedures } from "./domain-guest.ts";
import { domainJobProcedures } from "./domain-job.ts";
import { domainLifecycleProcedures } from "./domain-lifecycle.ts";
import { domainMemoryProcedures } from "./domain-memory.ts";
import { domainMigrateProcedures } from "./domain-migrate.ts";
import { domainTuningProcedures } from "./domain-tuning.ts";
import {
  connectEvents,
  domainEvents,
  legacyDomainEvents,
  networkEvents,
  nodeDeviceEvents,
  qemuMonitorEvents,
  secretEvents,
  storagePoolEvents,
} from "./events.ts";
import { interfaceProcedures } from "./interface.ts";
import { lxcProcedures } from "./lxc.ts";
import { networkProcedures } from "./network.ts";
import { networkPortProcedures } from "./network-port.ts";
import { nodeProcedures } from "./node.ts";
import { nodeDeviceProcedures } from "./node-device.ts";
import { nwfilterBindingProcedures, nwfilterProcedures } from "./nwfilter.ts";
import type { AnyProcedure, Family } from "./procedure.ts";
import { qemuProcedures } from "./qemu.ts";
import { secretProcedures } from "./secret.ts";
import { snapshotProcedures } from "./snapshot.ts";
import { storagePoolProcedures } from "./storage-pool.ts";
import { storageVolumeProcedures } from "./storage-volume.ts";
import type { Of } from "./xdr/index.ts";

/** The procedures of each family by name. */
export const families = {
  auth: authProcedures,
  connect: connectProcedures,
  node: nodeProcedures,
  domain: {
    ...domainProcedures,
    ...domainLifecycleProcedures,
    ...domainDeviceProcedures,
    ...domainGuestProcedures,
    ...domainCpuProcedures,
    ...domainMemoryProcedures,
    ...domainTuningProcedures,
    ...domainBlockProcedures,
    ...domainJobProcedures,
    ...domainMigrateProcedures,
  },
  snapshot: snapshotProcedures,
  checkpoint: checkpointProcedures,
  network: networkProcedures,
  networkPort: networkPortProcedures,
  interface: interfaceProcedures,
  storagePool: storagePoolProcedures,
  storageVolume: storageVolumeProcedures,
  nodeDevice: nodeDeviceProcedures,
  secret: secretProcedures,
  nwfilter: nwfilterProcedures,
  nwfilterBinding: nwfilterBindingProcedures,
  qemu: qemuProcedures,
  lxc: lxcProcedures,
  admin: adminProcedures,
} satisfies Record<Family, Readonly<Record<string, AnyProcedure>>>;

/** Every procedure of the API by name. */
export const procedures = {
  ...families.auth,
  ...families.connect,
  ...families.node,
  ...families.domain,
  ...families.snapshot,
  ...families.checkpoint,
  ...families.network,
  ...families.networkPort,
  ...families.interface,
  ...families.storagePool,
  ...families.storageVolume,
  ...families.nodeDevice,
  ...families.secret,
  ...families.nwfilter,
  ...families.nwfilterBinding,
  ...families.qemu,
  ...families.lxc,
  ...families.admin,
};

/** The name of a procedure. */
export type ProcedureName = keyof typeof procedures;

/** The names of the procedures of a family. */
export type ProcedureNameOf<F extends Family> = keyof (typeof families)[F];

/** What a procedure is called with. */
export type ArgsOf<N extends ProcedureName> = Of<(typeof procedures)[N]["args"]>;

/** What a procedure answers. */
export type ResultOf<N extends ProcedureName> = Of<(typeof procedures)[N]["result"]>;

/** Every message a server sends on its own account by name. They are no calls, and have no answer. */
export const events = {
  ...domainEvents,
  ...legacyDomainEvents,
  ...networkEvents,
  ...storagePoolEvents,
  ...nodeDeviceEvents,
  ...secretEvents,
  ...connectEvents,
  ...qemuMonitorEvents,
};

/** The name of an event. */
export type EventName = keyof typeof events;

/** What an event says. */
export type EventMessage<N extends EventName> = Of<(typeof events)[N]["message"]>;
