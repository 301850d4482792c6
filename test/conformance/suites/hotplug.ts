/** Devices that come to running guests, go and change; what QEMU would answer is in the case. */
import { completionFor } from "../../../src/drivers/qemu/definition/index.ts";
import { placeChannels } from "../../../src/drivers/qemu/launch/prepare-devices.ts";
import { additionTo, commitAddition, numberAddition } from "../../../src/drivers/qemu/plug/complete.ts";
import { findMeant } from "../../../src/drivers/qemu/plug/find.ts";
import { removeDevice } from "../../../src/drivers/qemu/plug/lists.ts";
import { refuseAttach, refuseDetach, refuseDetachOf } from "../../../src/drivers/qemu/plug/refuse.ts";
import { type Addressed, refuseGraphicsChange } from "../../../src/drivers/qemu/plug/update.ts";
import { validateDefine } from "../../../src/drivers/qemu/validate/index.ts";
import {
  type Domain as Definition,
  finishDomain,
  formatDomain,
  parseDevice,
  readParsedDomain,
} from "../../../src/model/domain/index.ts";
import { type Handler, input, type Request } from "../protocol.ts";
import { contextOf } from "./domain-qemu.ts";

interface Step {
  readonly command: string;
  readonly replies: readonly { readonly event?: string; readonly return?: { readonly pty?: string } }[];
}

/** What the emulator of libvirt's own test can do: the cases do not say. */
const abilities = [
  ...[
    "virtio-scsi",
    "ccw",
    "virtio-ccw",
    "usb-storage",
    "ivshmem-plain",
    "ivshmem-doorbell",
    "piix4.acpi-root-pci-hotplug",
  ],
  ...[
    "spice",
    "spapr-pci-host-bridge",
    "vfio-pci",
    "blockdev",
    "lsi",
    "megasas",
    "usb-hub",
    "i6300esb",
    "disable-s3",
    "disable-s4",
    "scsi-disk.wwn",
  ],
];

const emulated = (request: Request): Request => ({ ...request, qemu: { caps: "fake", flags: abilities } });

export const hotplug: Handler = async (request) => {
  const xml = await input(request);
  const arch = /<type arch='(\w+)'/.exec(xml)?.[1] ?? "x86_64";
  const context = { ...(await contextOf(emulated({ ...request, guest: { arch } }))), live: true };
  const definition = finishDomain(readParsedDomain(xml), { ...completionFor(context), skipValidation: true });
  const steps = (request.params?.qmp ?? []) as readonly Step[];
  switch (request.op) {
    case "attach":
      attach(definition, await input(request, "device"), context, steps);
      break;
    case "detach":
      detach(definition, await input(request, "device"), steps);
      break;
    case "update":
      update(definition, await input(request, "device"));
      break;
    default:
      throw new Error(`operation ${request.op} is not connected`);
  }
  return formatDomain(definition, { secure: true });
};

type Context = Awaited<ReturnType<typeof contextOf>>;

function attach(definition: Definition, xml: string, context: Context, steps: readonly Step[]): void {
  const given = parseDevice(xml, { inactive: true });
  refuseAttach(definition, given);
  const addition = additionTo(definition, given, context);
  validateDefine(addition.definition, { capabilities: context.capabilities, hostArch: context.hostArch });
  // The images of the cases are raw, and not on this host: they lie on nothing.
  for (const disk of addition.only.devices.disks) disk.backingStore ??= { index: 0 };
  numberAddition(addition, { definition });
  placeChannels(addition.only, `${context.channelFolder}/domain-${definition.id ?? 7}-${definition.name}`);
  for (const { replies } of steps) {
    const pty = replies.find((reply) => reply.return?.pty !== undefined)?.return?.pty;
    for (const { backend } of addition.only.devices.consoles) {
      if (pty !== undefined && backend.type === "pty") backend.source = { seclabels: [], ...backend.source, path: pty };
    }
  }
  commitAddition({ definition }, addition);
}

function detach(definition: Definition, xml: string, steps: readonly Step[]): void {
  const given = parseDevice(xml);
  refuseDetachOf(given);
  const known = findMeant(definition, given, { live: true });
  refuseDetach(definition, { ...given, device: known.device });
  const left = steps.some(({ replies }) => replies.some(({ event }) => event === "DEVICE_DELETED"));
  if (left) removeDevice(definition, known);
}

function update(definition: Definition, xml: string): void {
  const { key, device } = parseDevice(xml);
  if (key !== "graphics") throw new Error(`an update of '${key}' is not connected`);
  const wanted = device as unknown as Addressed;
  const now = definition.devices.graphics.find(({ type }) => type === wanted.type);
  refuseGraphicsChange(now as Addressed, wanted);
}
