/** How commands name the host's devices. */
import type { Connection, NodeDevice } from "../../api/index.ts";
import type { Completer } from "../completer.ts";
import { firstFound } from "./lookup.ts";

export const deviceNames: Completer = async ({ connection }) =>
  (await (await connection()).listAllDevices(0)).map((device) => device.name()).sort();

/** The device by its name, or by its fibre channel names, `WWNN,WWPN`. @throws {CommandError} */
export function lookupDevice(connection: Connection, key: string): Promise<NodeDevice> {
  const [wwnn = "", wwpn] = key.split(",");
  const lookup = () =>
    wwpn === undefined
      ? connection.nodeDeviceLookupByName(key)
      : connection.nodeDeviceLookupSCSIHostByWWN(wwnn, wwpn, 0);
  return firstFound(`Could not find matching device '${key}'`, [lookup]);
}
