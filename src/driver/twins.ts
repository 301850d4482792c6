/**
 * The older half of libvirt's lists, derived from the newer one: `NUM_OF` and `LIST` procedures, active and defined
 * apart, are what the `LIST_ALL` procedure answers with the right flag, counted or cut to the size that was asked for.
 */
import { type ErrorDomainName, LibvirtError } from "../errors.ts";
import {
  ConnectListAllDomainsFlags,
  ConnectListAllInterfacesFlags,
  ConnectListAllNetworksFlags,
  ConnectListAllStoragePoolsFlags,
} from "../protocol/index.ts";
import type { CallContext, Handler, Handlers } from "./handler.ts";
import { formatUuid } from "./object-list.ts";

interface Named {
  readonly name: string;
}

/** What is listed with a flag. */
type Lister<T> = (flags: number, call: CallContext) => Promise<readonly T[]>;

/** Refuses a negative size, and cuts a list to it. */
function cut<T>(list: readonly T[], max: number, domain: ErrorDomainName): T[] {
  if (max < 0)
    throw new LibvirtError("INVALID_ARG", domain, `cannot list ${max} names: the number must not be negative`);
  return list.slice(0, max);
}

function twin<T extends Named>(list: Lister<T>, flag: number, domain: ErrorDomainName) {
  return {
    count: async (_: unknown, call: CallContext) => ({ num: (await list(flag, call)).length }),
    names: async ({ maxnames }: { readonly maxnames: number }, call: CallContext) => ({
      names: cut(await list(flag, call), maxnames, domain).map(({ name }) => name),
    }),
  };
}

type DomainTwins =
  | "connectNumOfDomains"
  | "connectListDomains"
  | "connectNumOfDefinedDomains"
  | "connectListDefinedDomains";

export function domainListTwins(listAll: Handler<"connectListAllDomains">): Handlers<DomainTwins> {
  const { ACTIVE, INACTIVE } = ConnectListAllDomainsFlags;
  const list = async (flags: number, call: CallContext) => (await listAll({ needResults: 1, flags }, call)).domains;
  const defined = twin(list, INACTIVE, "DOMAIN");
  return {
    connectNumOfDomains: twin(list, ACTIVE, "DOMAIN").count,
    connectListDomains: async ({ maxids }, call) => ({
      ids: cut(await list(ACTIVE, call), maxids, "DOMAIN").map(({ id }) => id),
    }),
    connectNumOfDefinedDomains: defined.count,
    connectListDefinedDomains: defined.names,
  };
}

type NetworkTwins =
  | "connectNumOfNetworks"
  | "connectListNetworks"
  | "connectNumOfDefinedNetworks"
  | "connectListDefinedNetworks";

export function networkListTwins(listAll: Handler<"connectListAllNetworks">): Handlers<NetworkTwins> {
  const list = async (flags: number, call: CallContext) => (await listAll({ needResults: 1, flags }, call)).nets;
  const active = twin(list, ConnectListAllNetworksFlags.ACTIVE, "NETWORK");
  const defined = twin(list, ConnectListAllNetworksFlags.INACTIVE, "NETWORK");
  return {
    connectNumOfNetworks: active.count,
    connectListNetworks: active.names,
    connectNumOfDefinedNetworks: defined.count,
    connectListDefinedNetworks: defined.names,
  };
}

type InterfaceTwins =
  | "connectNumOfInterfaces"
  | "connectListInterfaces"
  | "connectNumOfDefinedInterfaces"
  | "connectListDefinedInterfaces";

export function interfaceListTwins(listAll: Handler<"connectListAllInterfaces">): Handlers<InterfaceTwins> {
  const list = async (flags: number, call: CallContext) => (await listAll({ needResults: 1, flags }, call)).ifaces;
  const active = twin(list, ConnectListAllInterfacesFlags.ACTIVE, "INTERFACE");
  const defined = twin(list, ConnectListAllInterfacesFlags.INACTIVE, "INTERFACE");
  return {
    connectNumOfInterfaces: active.count,
    connectListInterfaces: active.names,
    connectNumOfDefinedInterfaces: defined.count,
    connectListDefinedInterfaces: defined.names,
  };
}

type PoolTwins =
  | "connectNumOfStoragePools"
  | "connectListStoragePools"
  | "connectNumOfDefinedStoragePools"
  | "connectListDefinedStoragePools";

export function storagePoolListTwins(listAll: Handler<"connectListAllStoragePools">): Handlers<PoolTwins> {
  const list = async (flags: number, call: CallContext) => (await listAll({ needResults: 1, flags }, call)).pools;
  const active = twin(list, ConnectListAllStoragePoolsFlags.ACTIVE, "STORAGE");
  const defined = twin(list, ConnectListAllStoragePoolsFlags.INACTIVE, "STORAGE");
  return {
    connectNumOfStoragePools: active.count,
    connectListStoragePools: active.names,
    connectNumOfDefinedStoragePools: defined.count,
    connectListDefinedStoragePools: defined.names,
  };
}

type VolumeTwins = "storagePoolNumOfVolumes" | "storagePoolListVolumes";

export function volumeListTwins(listAll: Handler<"storagePoolListAllVolumes">): Handlers<VolumeTwins> {
  return {
    storagePoolNumOfVolumes: async ({ pool }, call) => ({
      num: (await listAll({ pool, needResults: 1, flags: 0 }, call)).vols.length,
    }),
    storagePoolListVolumes: async ({ pool, maxnames }, call) => {
      const { vols } = await listAll({ pool, needResults: 1, flags: 0 }, call);
      return { names: cut(vols, maxnames, "STORAGE").map(({ name }) => name) };
    },
  };
}

type SecretTwins = "connectNumOfSecrets" | "connectListSecrets";

export function secretListTwins(listAll: Handler<"connectListAllSecrets">): Handlers<SecretTwins> {
  const list = async (call: CallContext) => (await listAll({ needResults: 1, flags: 0 }, call)).secrets;
  return {
    connectNumOfSecrets: async (_, call) => ({ num: (await list(call)).length }),
    connectListSecrets: async ({ maxuuids }, call) => ({
      uuids: cut(await list(call), maxuuids, "SECRET").map(({ uuid }) => formatUuid(uuid)),
    }),
  };
}

type NwfilterTwins = "connectNumOfNwfilters" | "connectListNwfilters";

export function nwfilterListTwins(listAll: Handler<"connectListAllNwfilters">): Handlers<NwfilterTwins> {
  const list = async (flags: number, call: CallContext) => (await listAll({ needResults: 1, flags }, call)).filters;
  const all = twin(list, 0, "NWFILTER");
  return { connectNumOfNwfilters: all.count, connectListNwfilters: all.names };
}

type SnapshotTwins =
  | "domainSnapshotNum"
  | "domainSnapshotListNames"
  | "domainSnapshotNumChildren"
  | "domainSnapshotListChildrenNames";

export function snapshotListTwins(
  listAll: Handler<"domainListAllSnapshots">,
  listChildren: Handler<"domainSnapshotListAllChildren">,
): Handlers<SnapshotTwins> {
  return {
    domainSnapshotNum: async ({ dom, flags }, call) => ({
      num: (await listAll({ dom, needResults: 1, flags }, call)).snapshots.length,
    }),
    domainSnapshotListNames: async ({ dom, maxnames, flags }, call) => {
      const { snapshots } = await listAll({ dom, needResults: 1, flags }, call);
      return { names: cut(snapshots, maxnames, "DOMAIN_SNAPSHOT").map(({ name }) => name) };
    },
    domainSnapshotNumChildren: async ({ snap, flags }, call) => ({
      num: (await listChildren({ snapshot: snap, needResults: 1, flags }, call)).snapshots.length,
    }),
    domainSnapshotListChildrenNames: async ({ snap, maxnames, flags }, call) => {
      const { snapshots } = await listChildren({ snapshot: snap, needResults: 1, flags }, call);
      return { names: cut(snapshots, maxnames, "DOMAIN_SNAPSHOT").map(({ name }) => name) };
    },
  };
}

/** The answer to a list procedure, to a caller who wants the objects or only their number. */
export function listed<T>(objects: readonly T[], needResults: number): { readonly items: T[]; readonly ret: number } {
  return { items: needResults ? [...objects] : [], ret: objects.length };
}
