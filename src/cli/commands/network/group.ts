/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

const network = () => import("./network.ts");
const leases = () => import("./leases.ts");
const event = () => import("./event.ts");
const list = () => import("./list.ts");
const update = () => import("./update.ts");
const port = () => import("./port.ts");

export const networks = group("network", "Networking", {
  "net-autostart": network,
  "net-create": network,
  "net-define": network,
  "net-destroy": network,
  "net-dhcp-leases": leases,
  "net-dumpxml": network,
  "net-edit": network,
  "net-event": event,
  "net-info": network,
  "net-list": list,
  "net-name": network,
  "net-start": network,
  "net-undefine": network,
  "net-update": update,
  "net-uuid": network,
  "net-port-list": port,
  "net-port-create": port,
  "net-port-dumpxml": port,
  "net-port-delete": port,
});
