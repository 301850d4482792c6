/** The folder below which the drivers of a connection keep their state. */
import { homedir } from "node:os";
import { isAbsolute, join, normalize } from "node:path";
import { LibvirtError } from "../errors.ts";
import type { ConnectionUri } from "./uri.ts";

/** The state root that a URI names: `qemu:///embed?root=DIR`, or the user's or the machine's own. */
export function rootOf(uri: ConnectionUri, env: NodeJS.ProcessEnv = process.env): string {
  switch (uri.path) {
    case "/embed":
      return embeddedRoot(uri);
    case "/session":
      return join(env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "tsvirt");
    case "/system":
      if (process.geteuid?.() !== 0) {
        throw new LibvirtError(
          "OPERATION_DENIED",
          "QEMU",
          "qemu:///system manages the whole machine and needs root; qemu:///session needs no rights",
        );
      }
      return "/var/lib/tsvirt";
    default:
      throw new LibvirtError(
        "INTERNAL_ERROR",
        "QEMU",
        `unexpected QEMU URI path '${uri.path}', try qemu:///session, qemu:///system or qemu:///embed?root=DIR`,
      );
  }
}

function embeddedRoot(uri: ConnectionUri): string {
  const root = uri.params.get("root");
  if (root === undefined || !isAbsolute(root)) {
    throw new LibvirtError(
      "INVALID_ARG",
      "QEMU",
      "an embedded QEMU driver needs an absolute root directory: qemu:///embed?root=DIR",
    );
  }
  return normalize(root);
}
