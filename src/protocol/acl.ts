/** Permissions that procedures ask for. */
import { DomainModificationImpact } from "./constants/domain.ts";

/**
 * A permission on an object, as libvirt's access control names them; polkit knows `domain:start` as
 * `org.libvirt.api.domain.start`.
 */
export type Permission = `${AclObject}:${string}`;

export type AclObject =
  | "connect"
  | "domain"
  | "interface"
  | "network"
  | "network_port"
  | "node_device"
  | "nwfilter"
  | "nwfilter_binding"
  | "secret"
  | "storage_pool"
  | "storage_vol";

/** A permission the caller needs: always, or only for certain arguments. */
export type AclRule =
  | Permission
  /** Needed if one of these bits is set in `flags`. */
  | { readonly permission: Permission; readonly ifAnyFlag: number }
  /** Needed if none of these bits is set in `flags`. */
  | { readonly permission: Permission; readonly ifNoFlag: number }
  /** Needed if one of these bits is set in the argument. */
  | { readonly permission: Permission; readonly ifArgument: string; readonly has: number };

/** Who changes a domain's persistent definition needs `save`; without a flag that is what an inactive domain has. */
export const savingDomain: readonly AclRule[] = [
  { permission: "domain:save", ifNoFlag: DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE },
  { permission: "domain:save", ifAnyFlag: DomainModificationImpact.CONFIG },
];
