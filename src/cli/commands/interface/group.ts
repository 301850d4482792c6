/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

const single = () => import("./interface.ts");
const bridge = () => import("./bridge.ts");

export const interfaces = group("interface", "Interface", {
  "iface-begin": single,
  "iface-bridge": bridge,
  "iface-commit": single,
  "iface-define": single,
  "iface-destroy": single,
  "iface-dumpxml": single,
  "iface-edit": single,
  "iface-list": single,
  "iface-mac": single,
  "iface-name": single,
  "iface-rollback": single,
  "iface-start": single,
  "iface-unbridge": bridge,
  "iface-undefine": single,
});
