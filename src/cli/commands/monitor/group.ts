/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

const blocks = () => import("./blocks.ts");
const interfaces = () => import("./interfaces.ts");
const dominfo = () => import("./dominfo.ts");

export const monitor = group("monitor", "Domain Monitoring", {
  domblkerror: blocks,
  domblkinfo: blocks,
  domblklist: blocks,
  domblkstat: blocks,
  domcontrol: dominfo,
  "domif-getlink": interfaces,
  domifaddr: interfaces,
  domiflist: interfaces,
  domifstat: interfaces,
  dominfo,
  dommemstat: () => import("./memory.ts"),
  domstate: dominfo,
  domstats: () => import("./domstats.ts"),
  domtime: () => import("./domtime.ts"),
  list: () => import("./list.ts"),
});
