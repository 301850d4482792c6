/** The network port document (`<networkport>`): how one guest's interface hangs on a network. */
import {
  attr,
  child,
  document,
  fields,
  type Infer,
  leaf,
  type Mode,
  mac,
  nonEmpty,
  oneOf,
  only,
  type ReadOptions,
  type Shape,
  text,
  uuid,
  variants,
  yesNo,
} from "../../xml/index.ts";
import { bandwidth, completeBandwidth } from "../common/bandwidth.ts";
import { pciAddress } from "../common/pci-address.ts";
import { checkVirtualPort, virtualPort } from "../common/virtualport.ts";
import { completeVlan, vlan } from "../common/vlan.ts";

const bridge = { bridge: attr(nonEmpty).required(), macTableManager: attr(oneOf("kernel", "libvirt")) };

const plugShape = variants("type", {
  network: bridge,
  bridge,
  direct: { dev: attr(nonEmpty).required(), mode: attr(oneOf("vepa", "private", "bridge", "passthrough")) },
  "hostdev-pci": {
    managed: attr(yesNo),
    driver: only("name", oneOf("kvm", "vfio")),
    address: child(pciAddress).required(),
  },
});
/** What the guest's interface is connected to. */
export type NetworkPlug = Infer<typeof plugShape>;
const plug: Shape<NetworkPlug> = plugShape;

const portShape = fields({
  uuid: leaf(uuid),
  /** The guest. */
  owner: child({ name: leaf(text).required(), uuid: leaf(uuid).required() }).required(),
  /** The port group. */
  group: leaf(text),
  mac: child({ address: attr(mac).required() }).required(),
  virtualport: child(virtualPort),
  bandwidth: child(bandwidth),
  vlan: child(vlan),
  port: child({ isolated: attr(yesNo) }),
  rxfilters: child({ trustGuest: attr(yesNo) }),
  plug: child(plug),
});
/** A port of a network (virNetworkPortCreateXML). */
export interface NetworkPort extends Infer<typeof portShape> {}
const port: Shape<NetworkPort> = portShape;

export const networkPortDocument = document(
  "networkport",
  port,
  {},
  { from: "NETWORK", title: "network_port_definition" },
);

/**
 * Reads a network port. It does not get a UUID: that is the driver's to choose.
 * @throws LibvirtError
 */
export function parseNetworkPort(xml: string, options: ReadOptions = {}): NetworkPort {
  const value = networkPortDocument.parse(xml, options);
  checkVirtualPort(value.virtualport, { typeRequired: true, complete: true });
  const limits = completeBandwidth(value.bandwidth, { floor: true, classID: true });
  if (limits === undefined) delete value.bandwidth;
  else value.bandwidth = limits;
  const tags = completeVlan(value.vlan);
  if (tags !== undefined) value.vlan = tags;
  return value;
}

/** Prints a network port (virNetworkPortGetXMLDesc). */
export function formatNetworkPort(value: NetworkPort, mode: Mode = {}): string {
  return networkPortDocument.format(value, mode);
}
