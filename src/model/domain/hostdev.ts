/** `<hostdev>`: devices of the host given to the guest. */
import {
  attr,
  child,
  flag,
  hex,
  type Infer,
  inline,
  leaf,
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
import { pciAddress } from "../common/pci-address.ts";
import { bootableRom } from "./info.ts";
import { guestIp, guestRoute } from "./ip-config.ts";
import { number } from "./numbers.ts";
import { auth } from "./secret.ts";
import { initiator, startupPolicy } from "./storage.ts";
import { virtioModel } from "./virtio.ts";

/** This interface, and another that is there when it is not, form a team in the guest. */
export const teaming = child({
  type: attr(oneOf("persistent", "transient")).required(),
  /** Alias of the persistent interface. */
  persistent: attr(text),
});

const usbId = only("id", hex(4, 0xffff));

/** A USB device, by where it is or by what it is. */
export const usbDevice = {
  vendor: usbId,
  product: usbId,
  address: child({ bus: attr(number(0xffff)).required(), device: attr(number(0xffff)).required() }),
};

/** What is taken from the host: the element's `type`, its `<driver>` and `<source>`. */
const subsystem = variants("type", {
  usb: {
    source: child({
      startupPolicy: attr(startupPolicy),
      guestReset: attr(oneOf("off", "uninitialized", "on")),
      /** The device was not there at start, which was accepted. */
      missing: attr(yesNo).live(),
      ...usbDevice,
    }).required(),
  },
  pci: {
    driver: child({ name: attr(oneOf("kvm", "vfio", "xen")) }),
    source: child({
      startupPolicy: attr(startupPolicy),
      /** Xen: whether the guest's writes to the configuration space are filtered. */
      writeFiltering: attr(yesNo),
      address: child(pciAddress).empty("keep").required(),
    }).required(),
    teaming,
  },
  scsi: {
    sgio: attr(oneOf("filtered", "unfiltered")),
    rawio: attr(yesNo),
    source: child(
      variants(
        "protocol",
        {
          adapter: {
            adapter: only("name", text),
            address: child({
              bus: attr(uint()).default(0),
              target: attr(uint()).default(0),
              unit: attr(ulong).default(0n),
            }),
          },
          iscsi: {
            name: attr(text).required(),
            hosts: many({ name: attr(text), port: attr(uint(65535)) }).named("host"),
            auth: child(auth),
            initiator,
          },
        },
        { implied: "adapter" },
      ),
    ).required(),
  },
  scsi_host: {
    model: attr(virtioModel),
    source: child({ protocol: attr(oneOf("vhost")).required(), wwpn: attr(text).required() }).required(),
  },
  mdev: {
    model: attr(oneOf("vfio-pci", "vfio-ccw", "vfio-ap")).required(),
    display: attr(onOff),
    ramfb: attr(onOff),
    source: child({ address: only("uuid", uuid).required() }).required(),
  },
});
export type HostSubsystem = Infer<typeof subsystem>;
export type HostSubsystemOf<T extends HostSubsystem["type"]> = Extract<HostSubsystem, { type: T }>;

/** Containers: a device node or network interface of the host becomes the guest's. */
const capability = variants("type", {
  storage: { source: child({ block: leaf(text).required() }).required() },
  misc: { source: child({ char: leaf(text).required() }).required() },
  net: {
    source: child({ interface: leaf(text).required() }).required(),
    ips: many(guestIp).named("ip"),
    routes: many(guestRoute).named("route"),
  },
});

const hostdevShape = variants(
  "mode",
  {
    subsystem: {
      /** Take the device away from the host's driver at start, and give it back at the end. */
      managed: attr(yesNo).default(false),
      /** What is given: narrow on `device.type`. */
      device: inline(subsystem).required(),
      readonly: flag(),
      shareable: flag(),
      ...bootableRom,
    },
    capabilities: { device: inline(capability).required(), ...bootableRom },
  },
  { default: "subsystem" },
);
export type Hostdev = Infer<typeof hostdevShape>;
export const hostdev: Shape<Hostdev> = hostdevShape;
export type SubsystemHostdev = Extract<Hostdev, { mode: "subsystem" }>;
