/** tsvirt: libvirt in TypeScript. */

export type { CallContext, Descriptors, Driver, Handler, Handlers } from "../driver/handler.ts";
export {
  type AuthCallback,
  type CredentialRequest,
  type DriverModule,
  type OpenOptions,
  type ReconnectOptions,
  registerDriver,
} from "../driver/module.ts";
export type { Session } from "../driver/session.ts";
export type { ConnectionUri } from "../driver/uri.ts";
export {
  type ErrorDomainName,
  type ErrorFields,
  type ErrorName,
  type ErrorObject,
  isLibvirtError,
  LibvirtError,
} from "../errors.ts";
export * from "../protocol/constants/index.ts";
export { AdminConnection, openAdmin } from "./admin/connection.ts";
export { AdminClient, AdminServer } from "./admin/server.ts";
export { Connection } from "./connection/connection.ts";
export type { CloseCallback } from "./connection/core.ts";
export type { DomainStats } from "./connection/domains.ts";
export type {
  EventCallback,
  LifecycleCallback,
  QemuMonitorEventCallback,
} from "./connection/events.ts";
export type { HostCpuMap, NodeInfo, SecurityModel } from "./connection/host.ts";
export type { CallOptions } from "./core/link.ts";
export type { BlockInfo, BlockJobInfo, BlockStats } from "./domain/block.ts";
export { DomainCheckpoint } from "./domain/checkpoint.ts";
export type { IOThread, VcpuStatus } from "./domain/cpu.ts";
export type { DomainControlInfo, DomainInfo, DomainStateReason } from "./domain/definition.ts";
export type { Screenshot } from "./domain/device.ts";
export { Domain } from "./domain/domain.ts";
export type { FSInfo, GuestInterface, GuestTime } from "./domain/guest.ts";
export type { DomainJobInfo, DomainJobStats, InterfaceStats } from "./domain/job.ts";
export type { MemoryStats } from "./domain/memory.ts";
export { DomainSnapshot } from "./domain/snapshot.ts";
export type { DomainSecurityLabel, SchedulerType } from "./domain/tuning.ts";
export {
  defaultErrorFunc,
  type ErrorHandler,
  formatError,
  getLastError,
  getLastErrorCode,
  getLastErrorDomain,
  getLastErrorMessage,
  resetLastError,
  setErrorFunc,
  silenceErrors,
} from "./errors/model.ts";
export type { EventKind } from "./events/kinds.ts";
export type { EventListener } from "./events/open.ts";
export { type EventOptions, EventStream, type ObjectEventOptions } from "./events/stream.ts";
export type {
  DomainEvent,
  EventGap,
  EventOf,
  EventType,
  LibvirtEvent,
  NetworkEvent,
  NodeDeviceEvent,
  QemuMonitorEvent,
  SecretEvent,
  StoragePoolEvent,
} from "./events/types.ts";
export { Interface } from "./host/interface.ts";
export { NodeDevice } from "./host/node-device.ts";
export { type DhcpLease, Network } from "./network/network.ts";
export { NetworkPort } from "./network/port.ts";
export { NWFilterBinding } from "./nwfilter/binding.ts";
export { NWFilter } from "./nwfilter/filter.ts";
export { type OpenConnectionOptions, open, openAuth, openReadOnly } from "./open.ts";
export { Secret } from "./secret/secret.ts";
export { StoragePool, type StoragePoolInfo } from "./storage/pool.ts";
export { StorageVol, type StorageVolInfo } from "./storage/volume.ts";
export { type Hole, Stream, type StreamChunk } from "./stream/stream.ts";
export type { CpuMap } from "./values/cpu-map.ts";
export type { Integer } from "./values/integer.ts";
export type { Parameters, ParametersInput, ParameterValue } from "./values/parameters.ts";
export type { Uuid } from "./values/uuid.ts";
export { getVersion } from "./version.ts";
