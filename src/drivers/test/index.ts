/**
 * The test driver: a made-up node in memory, for programs to try themselves on.
 *
 *     test:///default          libvirt's default node, one for all connections of this process while any is open
 *     test:///path/node.xml    a node described by a file, one for each connection
 */
import type { Driver } from "../../driver/handler.ts";
import type { DriverModule, OpenOptions } from "../../driver/module.ts";
import type { Session } from "../../driver/session.ts";
import { isRemote } from "../../driver/uri.ts";
import { LibvirtError } from "../../errors.ts";
import { makeHandlers } from "./handlers.ts";
import { makeDefaultNode } from "./node/default.ts";
import { loadNode } from "./node/file.ts";

/** The handlers of the node that the connections to `test:///default` share, and how many they are. */
let shared: { readonly handlers: Driver; connections: number } | null = null;

function joinDefaultNode(session: Session): Driver {
  shared ??= { handlers: makeHandlers(makeDefaultNode()), connections: 0 };
  const joined = shared;
  joined.connections++;
  session.onClose(() => {
    joined.connections--;
    if (joined.connections === 0 && shared === joined) shared = null;
  });
  return joined.handlers;
}

async function open(session: Session, options: OpenOptions): Promise<Driver> {
  const { path } = session.uri;
  if (path === "/default") return joinDefaultNode(session);
  if (path === "" || path === "/") {
    throw new LibvirtError("INVALID_ARG", "TEST", "testOpen: supply a path or use test:///default");
  }
  return makeHandlers(await loadNode(path, options));
}

export const testDriver: DriverModule = {
  name: "test",
  accepts: (uri) => uri.driver === "test" && !isRemote(uri),
  open,
};
