/** The folder below which the drivers of a connection keep their state. */
import { homedir } from "node:os";
import { isAbsolute, join, normalize } from "node:path";
import { type ErrorDomainName, LibvirtError } from "../errors.ts";
import type { ConnectionUri } from "./uri.ts";

/** The state root that a URI names: `qemu:///embed?root=DIR`, or the user's or the machine's own. */
export function rootOf(uri: ConnectionUri, env: NodeJS.ProcessEnv = process.env): string {
  const kind = kindOf(uri);
  if (uri.path === "/embed") return embeddedRoot(uri, kind);
  if (uri.path === "/session" && kind.hasSession) {
    return join(env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "tsvirt");
  }
  if (uri.path === "/system" || (kind.bareIsSystem && (uri.path === "/" || uri.path === ""))) return systemRoot(kind);
  const { name, domain } = kind;
  const places = [...(kind.hasSession ? ["session"] : []), "system"].map((place) => `${uri.driver}:///${place}`);
  throw new LibvirtError(
    "INTERNAL_ERROR",
    domain,
    `unexpected ${name} URI path '${uri.path}', try ${places.join(", ")} or ${uri.driver}:///embed?root=DIR`,
  );
}

/** What is different between drivers about where their state is. */
interface Kind {
  /** Of the driver in messages. */
  readonly name: string;
  readonly scheme: string;
  readonly domain: ErrorDomainName;
  /** Whether users have guests of their own. */
  readonly hasSession: boolean;
  /** Whether a URI without a path is the machine's. */
  readonly bareIsSystem: boolean;
}

function kindOf({ driver: scheme }: ConnectionUri): Kind {
  if (scheme === "xen") return { name: "Xen", scheme, domain: "XEN", hasSession: false, bareIsSystem: true };
  return { name: "QEMU", scheme, domain: "QEMU", hasSession: true, bareIsSystem: false };
}

function systemRoot({ scheme, domain, hasSession }: Kind): string {
  if (process.geteuid?.() === 0) return "/var/lib/tsvirt";
  const instead = hasSession ? `; ${scheme}:///session needs no rights` : "";
  throw new LibvirtError(
    "OPERATION_DENIED",
    domain,
    `${scheme}:///system manages the whole machine and needs root${instead}`,
  );
}

function embeddedRoot(uri: ConnectionUri, { name, scheme, domain }: Kind): string {
  const root = uri.params.get("root");
  if (root === undefined || !isAbsolute(root)) {
    throw new LibvirtError(
      "INVALID_ARG",
      domain,
      `an embedded ${name} driver needs an absolute root directory: ${scheme}:///embed?root=DIR`,
    );
  }
  return normalize(root);
}
