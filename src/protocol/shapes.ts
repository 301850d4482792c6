/** Structures that several procedures share. */
import { TypedParameterType } from "./constants/typed-parameter.ts";
import {
  bool,
  double,
  fixedOpaque,
  hyper,
  int,
  type Of,
  string,
  struct,
  type Type,
  uhyper,
  uint,
  union,
} from "./xdr/index.ts";

/** How many bytes a UUID has. */
const UUID_LENGTH = 16;

/** A UUID as its 16 bytes. */
export const uuid: Type<Uint8Array> = fixedOpaque(UUID_LENGTH);

const domainShape = struct({ name: string, uuid, id: int });
/** A domain. `id` is -1 when it is not running. */
export interface Domain extends Of<typeof domainShape> {}
export const domain: Type<Domain> = domainShape;

const networkShape = struct({ name: string, uuid });
/** A virtual network. */
export interface Network extends Of<typeof networkShape> {}
export const network: Type<Network> = networkShape;

const networkPortShape = struct({ net: network, uuid });
/** A port of a virtual network. */
export interface NetworkPort extends Of<typeof networkPortShape> {}
export const networkPort: Type<NetworkPort> = networkPortShape;

const nwfilterShape = struct({ name: string, uuid });
/** A network filter. */
export interface NWFilter extends Of<typeof nwfilterShape> {}
export const nwfilter: Type<NWFilter> = nwfilterShape;

const nwfilterBindingShape = struct({ portdev: string, filtername: string });
/** A network filter in use on a port. */
export interface NWFilterBinding extends Of<typeof nwfilterBindingShape> {}
export const nwfilterBinding: Type<NWFilterBinding> = nwfilterBindingShape;

const ifaceShape = struct({ name: string, mac: string });
/** A network interface of the host. */
export interface Interface extends Of<typeof ifaceShape> {}
export const iface: Type<Interface> = ifaceShape;

const storagePoolShape = struct({ name: string, uuid });
/** A storage pool. */
export interface StoragePool extends Of<typeof storagePoolShape> {}
export const storagePool: Type<StoragePool> = storagePoolShape;

const storageVolShape = struct({ pool: string, name: string, key: string });
/** A storage volume: the name of its pool, its own name, and a key that is unique on the host. */
export interface StorageVol extends Of<typeof storageVolShape> {}
export const storageVol: Type<StorageVol> = storageVolShape;

const nodeDeviceShape = struct({ name: string });
/** A device of the host. */
export interface NodeDevice extends Of<typeof nodeDeviceShape> {}
export const nodeDevice: Type<NodeDevice> = nodeDeviceShape;

const secretShape = struct({ uuid, usageType: int, usageID: string });
/** A secret. `usageType` is a `SecretUsageType`. */
export interface Secret extends Of<typeof secretShape> {}
export const secret: Type<Secret> = secretShape;

const domainSnapshotShape = struct({ name: string, dom: domain });
/** A snapshot of a domain. */
export interface DomainSnapshot extends Of<typeof domainSnapshotShape> {}
export const domainSnapshot: Type<DomainSnapshot> = domainSnapshotShape;

const domainCheckpointShape = struct({ name: string, dom: domain });
/** A checkpoint of a domain. */
export interface DomainCheckpoint extends Of<typeof domainCheckpointShape> {}
export const domainCheckpoint: Type<DomainCheckpoint> = domainCheckpointShape;

/** The value of a typed parameter, with its type. */
export const typedParameterValue = union({
  [TypedParameterType.INT]: int,
  [TypedParameterType.UINT]: uint,
  [TypedParameterType.LLONG]: hyper,
  [TypedParameterType.ULLONG]: uhyper,
  [TypedParameterType.DOUBLE]: double,
  [TypedParameterType.BOOLEAN]: bool,
  [TypedParameterType.STRING]: string,
});
export type TypedParameterValue = Of<typeof typedParameterValue>;

const typedParameterShape = struct({ field: string, value: typedParameterValue });
/** A named value of one of seven types. */
export interface TypedParameter extends Of<typeof typedParameterShape> {}
export const typedParameter: Type<TypedParameter> = typedParameterShape;
