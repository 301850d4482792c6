/** `<interface>`: network cards and what they are connected to. */
import {
  attr,
  child,
  fields,
  type Infer,
  inline,
  leaf,
  long,
  mac,
  many,
  oneOf,
  only,
  onOff,
  type Shape,
  text,
  uint,
  ulong,
  uuid,
  variants,
  yesNo,
} from "../../xml/index.ts";
import { bandwidth } from "../common/bandwidth.ts";
import { pciAddressFields } from "../common/pci-address.ts";
import { virtualPort } from "../common/virtualport.ts";
import { vlan } from "../common/vlan.ts";
import { teaming, usbDevice } from "./hostdev.ts";
import { bootableRom } from "./info.ts";
import { guestIp, guestRoute } from "./ip-config.ts";
import { number } from "./numbers.ts";
import { reconnect } from "./storage.ts";
import { virtio } from "./virtio.ts";

const addresses = { ips: many(guestIp).named("ip"), routes: many(guestRoute).named("route") };

/** Of a connection through a virtual network, as it is while the guest runs. */
const live = { portid: attr(uuid).status() };
/** The virtual network through which the host's interface or bridge was chosen. */
const network = { network: attr(text), portgroup: attr(text), ...live };
const hostBridge = { bridge: attr(text), macTableManager: attr(oneOf("kernel", "libvirt")) };
const hostDevice = {
  dev: attr(text),
  mode: attr(oneOf("vepa", "bridge", "private", "passthrough")),
};

const port = attr(uint(65535));

const offloads = {
  csum: attr(onOff),
  gso: attr(onOff),
  tso4: attr(onOff),
  tso6: attr(onOff),
  ecn: attr(onOff),
  ufo: attr(onOff),
};

const driver = child({
  /** Who serves it: the emulator, or the host's kernel. */
  name: attr(oneOf("qemu", "vhost")),
  txmode: attr(oneOf("iothread", "timer")),
  ioeventfd: attr(onOff),
  event_idx: attr(onOff),
  queues: attr(uint()),
  rx_queue_size: attr(uint()),
  tx_queue_size: attr(uint()),
  rss: attr(onOff),
  rss_hash_report: attr(onOff),
  ...virtio,
  /** Offloads the host offers; the same for the guest below. */
  host: child({ ...offloads, mrg_rxbuf: attr(onOff) }),
  guest: child({ csum: offloads.csum, tso4: offloads.tso4, tso6: offloads.tso6, ecn: offloads.ecn, ufo: offloads.ufo }),
});

/** Where the other end is: `type` stands on the interface, the rest mostly in `<source>`. */
const connection = variants(
  "type",
  {
    user: { source: child({ dev: attr(text) }) },
    ethernet: { source: child({ ...addresses }) },
    vhostuser: {
      source: child({
        type: attr(oneOf("unix")).required(),
        path: attr(text).required(),
        mode: attr(oneOf("server", "client")).required(),
        reconnect,
      }),
    },
    server: { source: child({ address: attr(text), port }) },
    client: { source: child({ address: attr(text), port }) },
    mcast: { source: child({ address: attr(text), port }) },
    udp: { source: child({ address: attr(text), port, local: child({ address: attr(text), port }) }) },
    network: { source: child({ ...network, ...hostBridge, ...hostDevice }) },
    bridge: { source: child({ ...network, ...hostBridge }) },
    internal: { source: child({ name: attr(text) }) },
    direct: { source: child({ ...network, ...hostDevice }) },
    hostdev: {
      driver: child({ name: attr(oneOf("kvm", "vfio", "xen")) }),
      source: child({
        missing: attr(yesNo).live(),
        vendor: usbDevice.vendor,
        product: usbDevice.product,
        address: child(
          variants("type", {
            pci: pciAddressFields,
            usb: { bus: attr(number(0xffff)).required(), device: attr(number(0xffff)).required() },
          }),
        ),
      }),
    },
    vdpa: { source: child({ dev: attr(text) }) },
    null: {},
    vds: {
      source: child({
        switchid: attr(uuid).required(),
        portid: attr(long).required(),
        portgroupid: attr(text).required(),
        connectionid: attr(long).required(),
      }),
    },
  },
  { default: "user" },
);

const interfaceShape = fields({
  /** With `hostdev`: take the device away from the host's driver at start. */
  managed: attr(yesNo),
  trustGuestRxFilters: attr(yesNo),
  mac: child({
    address: attr(mac).required(),
    /** VMware: whether the address comes from its own range. */
    type: attr(oneOf("generated", "static")),
    check: attr(yesNo),
  }),
  /** What the card is connected to: narrow on `connection.type`. */
  connection: inline(connection).required(),
  vlan: child(vlan),
  virtualport: child(virtualPort),
  bandwidth: child(bandwidth).empty("pair"),
  port: child({ isolated: attr(yesNo) }),
  ...addresses,
  portForwards: many({
    proto: attr(oneOf("tcp", "udp")).required(),
    address: attr(text),
    dev: attr(text),
    ranges: many({
      start: port,
      end: port,
      to: port,
      exclude: attr(yesNo),
    }).named("range"),
  }).named("portForward"),
  /** Run to bring the host's side up. */
  script: only("path", text),
  downscript: only("path", text),
  /** Xen: the domain that holds the other end. */
  backenddomain: only("name", text),
  target: child({
    /** Name of the host's interface. */
    dev: attr(text),
    managed: attr(yesNo),
  }),
  guest: child({ dev: attr(text), actual: attr(text).live() }),
  model: only("type", text),
  driver,
  backend: child({
    type: attr(oneOf("default", "passt")),
    tap: attr(text),
    vhost: attr(text),
    logFile: attr(text),
  }),
  /** The network filter and its parameters. */
  filterref: child({
    filter: attr(text).required(),
    parameters: many({ name: attr(text).required(), value: attr(text).required() }).named("parameter"),
  }),
  tune: child({ sndbuf: leaf(ulong) }),
  teaming,
  link: only("state", oneOf("up", "down")),
  mtu: only("size", uint()),
  coalesce: child({ rx: child({ frames: child({ max: attr(uint()) }) }) }),
  ...bootableRom,
});

export interface Interface extends Infer<typeof interfaceShape> {}
export const networkInterface: Shape<Interface> = interfaceShape;
export type Connection = Interface["connection"];
export type ConnectionType = Connection["type"];
export type ConnectionOf<T extends ConnectionType> = Extract<Connection, { type: T }>;
