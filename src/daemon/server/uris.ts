/** Which connections the daemon opens for its clients, and what they are called. */
import { isRemote, parseConnectionUri } from "../../driver/uri.ts";
import { LibvirtError } from "../../errors.ts";

/** A connection that a client asked for. */
export interface Destination {
  /** What is opened. */
  readonly actual: string;
  /** What the client is told that it is connected to. */
  readonly shown: string;
}

export interface UriRules {
  /** Whether the daemon manages the machine, not one user's own guests. */
  readonly isSystem: boolean;
  /** The state root, when it is not at its usual place. */
  readonly root: string | null;
}

/** What the daemon serves to a client that names nothing. */
export function defaultUri({ isSystem }: UriRules): string {
  return isSystem ? "qemu:///system" : "qemu:///session";
}

/**
 * What a client gets for a URI.
 * @throws {LibvirtError} NO_CONNECT for what leads to another daemon or to a driver that is not here
 */
export function destinationOf(name: string | null, readOnly: boolean, rules: UriRules): Destination {
  const shown = name === null || name === "" ? defaultUri(rules) : name;
  const uri = parseConnectionUri(shown);
  if (isRemote(uri)) throw new LibvirtError("NO_CONNECT", "NONE", shown);
  switch (uri.driver) {
    case "test":
      // Whoever may only look has no business in having files read for him.
      if (readOnly && uri.path !== "/default") {
        throw new LibvirtError("OPERATION_DENIED", "TEST", "read only access prevents reading a node from a file");
      }
      return { actual: shown, shown };
    case "qemu":
      return { actual: ownQemu(uri.path, rules), shown };
    case "xen":
      return { actual: ownXen(uri.path, rules), shown };
    case "network":
    case "storage":
    case "secret":
    case "nodedev":
    case "interface":
    case "nwfilter":
      return { actual: ownPart(uri.driver, uri.path, rules), shown };
    default:
      throw new LibvirtError("NO_CONNECT", "NONE", shown);
  }
}

/** The daemon has one state root: the machine's or the user's. As in libvirt, root's own session is the machine's. */
function ownQemu(path: string, rules: UriRules): string {
  if (path !== "/session" && (path !== "/system" || !rules.isSystem)) {
    const detail = `unexpected qemu URI path '${path}', try ${defaultUri(rules)}`;
    throw new LibvirtError("INTERNAL_ERROR", "NONE", detail);
  }
  return ownConnection(rules);
}

/** One of the drivers beside the hypervisor alone, on the daemon's state root. */
function ownPart(driver: string, path: string, rules: UriRules): string {
  const own = rules.isSystem ? "/system" : "/session";
  if (path !== own) {
    throw new LibvirtError("INTERNAL_ERROR", "NONE", `unexpected ${driver} URI path '${path}', try ${driver}://${own}`);
  }
  return rules.root === null ? `${driver}://${own}` : `${driver}:///embed?root=${encodeURIComponent(rules.root)}`;
}

/** Xen's guests are the machine's; one user's daemon has none. */
function ownXen(path: string, rules: UriRules): string {
  if (!rules.isSystem || !["", "/", "/system"].includes(path)) {
    throw new LibvirtError("INTERNAL_ERROR", "NONE", `unexpected Xen URI path '${path}', try xen:///system`);
  }
  return ownXenConnection(rules);
}

/** The URI of Xen's guests, as far as the daemon itself manages them. */
export function ownXenConnection({ root }: UriRules): string {
  return root === null ? "xen:///system" : `xen:///embed?root=${encodeURIComponent(root)}`;
}

/** The URI of the state that the daemon itself manages. */
export function ownConnection(rules: UriRules): string {
  return rules.root === null ? defaultUri(rules) : `qemu:///embed?root=${encodeURIComponent(rules.root)}`;
}
