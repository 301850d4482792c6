/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

const nodedev = () => import("./nodedev.ts");
const event = () => import("./event.ts");

export const nodeDevices = group("nodedev", "Node Device", {
  "nodedev-create": nodedev,
  "nodedev-destroy": nodedev,
  "nodedev-detach": nodedev,
  "nodedev-dumpxml": nodedev,
  "nodedev-list": nodedev,
  "nodedev-reattach": nodedev,
  "nodedev-reset": nodedev,
  "nodedev-event": event,
  "nodedev-define": nodedev,
  "nodedev-undefine": nodedev,
  "nodedev-start": nodedev,
  "nodedev-autostart": nodedev,
  "nodedev-info": nodedev,
});
