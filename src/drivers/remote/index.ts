/** The remote driver: everything is asked of a daemon, by libvirt's protocol, over whatever way the URI names. */
import { readRemoteSettings } from "../../driver/client-configuration.ts";
import type { DriverModule } from "../../driver/module.ts";
import type { Session } from "../../driver/session.ts";
import { exists } from "../../host/files.ts";
import { findDaemonSocket } from "./daemon-socket.ts";
import { daemonProgram } from "./daemon-start.ts";
import { remoteTable } from "./table.ts";
import { readRemoteUri } from "./target.ts";
import { Wire } from "./wire.ts";

/** Whether the URI's daemon is there, or one is to be started. */
export async function hasDaemon({ uri, readOnly }: Session): Promise<boolean> {
  const { target } = readRemoteUri(uri, await readRemoteSettings());
  if (target.transport !== "unix") return true;
  const found = await findDaemonSocket(target, { readOnly });
  return (await exists(found.path)) || (await daemonProgram(found, target)) !== null;
}

export const remoteDriver: DriverModule = {
  name: "remote",
  accepts: () => true,
  async open(session, options) {
    const uri = readRemoteUri(session.uri, await readRemoteSettings());
    const wire = await Wire.open(session, uri, options);
    session.peer = wire;
    return remoteTable(wire);
  },
};
