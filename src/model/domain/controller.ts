/** `<controller>`: what other devices are plugged into. */
import {
  attr,
  child,
  hex,
  type Infer,
  kib,
  leaf,
  oneOf,
  only,
  onOff,
  type Shape,
  uint,
  variants,
} from "../../xml/index.ts";
import { companion, info } from "./info.ts";
import { virtio, virtioModel } from "./virtio.ts";

const index = attr(uint());

const driver = child({
  queues: attr(uint()),
  cmd_per_lun: attr(uint()),
  max_sectors: attr(uint()),
  ioeventfd: attr(onOff),
  /** Id of the IOThread that serves the controller. */
  iothread: attr(uint()),
  ...virtio,
});

const scsiModel = oneOf(
  "auto",
  "buslogic",
  "lsilogic",
  "lsisas1068",
  "vmpvscsi",
  "ibmvscsi",
  "virtio-scsi",
  "lsisas1078",
  "virtio-transitional",
  "virtio-non-transitional",
  "ncr53c90",
  "dc390",
  "am53c974",
);

const usbModel = oneOf(
  "piix3-uhci",
  "piix4-uhci",
  "ehci",
  "ich9-ehci1",
  "ich9-uhci1",
  "ich9-uhci2",
  "ich9-uhci3",
  "vt82c686b-uhci",
  "pci-ohci",
  "nec-xhci",
  "qusb1",
  "qusb2",
  "qemu-xhci",
  /** No USB at all, not even the default controller. */
  "none",
);

const pciModel = oneOf(
  "pci-root",
  "pcie-root",
  "pci-bridge",
  "dmi-to-pci-bridge",
  "pcie-to-pci-bridge",
  "pcie-root-port",
  "pcie-switch-upstream-port",
  "pcie-switch-downstream-port",
  "pci-expander-bus",
  "pcie-expander-bus",
);

const pciModelName = oneOf(
  "pci-bridge",
  "i82801b11-bridge",
  "pcie-pci-bridge",
  "ioh3420",
  "x3130-upstream",
  "xio3130-downstream",
  "pxb",
  "pxb-pcie",
  "pcie-root-port",
  "spapr-pci-host-bridge",
);

const pciTarget = child({
  /** Number of the chassis, unique among PCI bridges. */
  chassisNr: attr(uint(255)),
  /** Number of the chassis of a PCIe port, unique among ports. */
  chassis: attr(uint(255)),
  /** Number of the port within its chassis. */
  port: attr(hex(1, 255)),
  /** First bus number behind an expander bus. */
  busNr: attr(uint(255)),
  /** pSeries: which of the guest's host bridges. */
  index: attr(uint()),
  /** Whether devices can be plugged in while the guest runs. */
  hotplug: attr(onOff),
  /** The NUMA node an expander bus belongs to. */
  node: leaf(uint()),
});

const controllerShape = variants(
  "type",
  {
    ide: { index, model: attr(oneOf("piix3", "piix4", "ich6")), driver, ...info },
    fdc: { index, driver, ...info },
    scsi: { index, model: attr(scsiModel), driver, ...info },
    sata: { index, driver, ...info },
    "virtio-serial": {
      index,
      model: attr(virtioModel),
      ports: attr(uint()),
      vectors: attr(uint()),
      driver,
      ...info,
    },
    ccid: { index, driver, ...info },
    usb: { index, model: attr(usbModel), ports: attr(uint()), driver, ...companion },
    pci: {
      index,
      model: attr(pciModel),
      /** The emulated chip; `model` is what it does. */
      modelName: only("name", pciModelName).named("model"),
      target: pciTarget,
      driver,
      ...info,
      /** Size of the 64-bit window for devices' memory, in KiB. */
      pcihole64: kib(),
    },
    xenbus: {
      index,
      maxGrantFrames: attr(uint()),
      maxEventChannels: attr(uint()),
      driver,
      ...info,
    },
    isa: { index, driver, ...info },
  },
  { default: "ide" },
);

export type Controller = Infer<typeof controllerShape>;
export const controller: Shape<Controller> = controllerShape;

export type ControllerType = Controller["type"];
export type ControllerOf<T extends ControllerType> = Extract<Controller, { type: T }>;
