/** The remote driver: everything is asked of a daemon, by libvirt's protocol, over whatever way the URI names. */
import { readRemoteSettings } from "../../driver/client-configuration.ts";
import type { DriverModule } from "../../driver/module.ts";
import { remoteTable } from "./table.ts";
import { readRemoteUri } from "./target.ts";
import { Wire } from "./wire.ts";

export type { DaemonRequest, DaemonStarter } from "./daemon-start.ts";
export { setDaemonStarter } from "./daemon-start.ts";

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
