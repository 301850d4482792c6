/** Devices with little to say: sound, input, channels, USB controllers, limits of Xen's bus. */
import type { ConfigurationValue } from "../configuration.ts";
import {
  type Controller,
  type ControllerOf,
  channel,
  controller,
  type Domain,
  type Input,
  input,
  type ParsedDomain,
  type Sound,
  sound,
} from "../domain/index.ts";
import { unsupported } from "../domain/refuse.ts";
import { isPci, isUsb, readPci, readUsb, writePci, writeUsb } from "./hostdev.ts";
import { readPairs, writePairs } from "./pairs.ts";
import { flag, isHvm, listSetting, type Setting } from "./setting.ts";

const soundModels: readonly Sound["model"][] = ["sb16", "es1370", "pcspk", "ac97", "ich6"];
/** What a guest gets when it is given all cards of old. */
const allSounds: readonly Sound["model"][] = ["sb16", "es1370"];

export const sounds: readonly Setting[] = [
  {
    name: "soundhw",
    read: (given, draft) => {
      if (!isHvm(draft)) return;
      for (const name of given
        .text()
        .split(",")
        .filter((word) => word !== "")) {
        const models =
          name === "all" ? allSounds : soundModels.filter((model) => model === (name === "hda" ? "ich6" : name));
        if (models.length === 0) given.fail(`unknown sound card '${name.slice(0, 40)}'`);
        draft.devices.sounds.push(...models.map((model) => sound.make({ model })));
      }
    },
    write: (domain) => {
      if (!isHvm(domain) || domain.devices.sounds.length === 0) return undefined;
      return domain.devices.sounds.map(({ model }) => (model === "ich6" ? "hda" : model)).join(",");
    },
  },
];

const usbInputs = { mouse: "mouse", tablet: "tablet", keyboard: "keyboard" } as const;
const inputsOf = (domain: Domain): Input[] =>
  isHvm(domain) ? domain.devices.inputs.filter(({ bus }) => bus === "usb") : [];

export const inputs: readonly Setting[] = [
  {
    name: "usb",
    write: (domain) => (inputsOf(domain).length === 0 ? undefined : flag(true)),
  },
  {
    name: "usbdevice",
    read: (given, draft) => {
      if (!isHvm(draft)) return;
      for (const one of given.items()) {
        const word = one.text();
        // Devices of the host may be named here too, in QEMU's syntax of old.
        if (!Object.hasOwn(usbInputs, word)) continue;
        draft.devices.inputs.push(input.make({ type: usbInputs[word as keyof typeof usbInputs], bus: "usb" }));
      }
    },
    write: (domain): ConfigurationValue | undefined => {
      const words = inputsOf(domain).map(({ type }) => {
        return Object.hasOwn(usbInputs, type) ? type : unsupported(`Xen has no USB device '${type}'`);
      });
      return words.length > 1 ? words : words[0];
    },
  },
];

export const pci: readonly Setting[] = [
  listSetting("pci", {
    read: (given, draft) => void draft.devices.hostdevs.push(readPci(given.text())),
    of: (domain) => domain.devices.hostdevs.filter(isPci),
    write: writePci,
  }),
];

const usbModels = { "1": "qusb1", "2": "qusb2" } as const;

export const usb: readonly Setting[] = [
  listSetting<ControllerOf<"usb">>("usbctrl", {
    read: (given, draft) => {
      const pairs = readPairs(given);
      const version = pairs.get("version") ?? "2";
      const ports = pairs.get("ports") ?? "8";
      if (!/^\d{1,2}$/.test(ports)) given.fail(`'${ports.slice(0, 40)}' is not a number of ports`);
      if (!Object.hasOwn(usbModels, version)) given.fail(`unknown version '${version.slice(0, 40)}' of USB`);
      const model = usbModels[version as keyof typeof usbModels];
      const index = draft.devices.controllers.filter(({ type }) => type === "usb").length;
      draft.devices.controllers.push(controller.make({ type: "usb", index, model, ports: Number(ports) }));
    },
    of: ({ devices }) => devices.controllers.filter((one): one is ControllerOf<"usb"> => one.type === "usb"),
    write: ({ model, ports }) => {
      if (model !== undefined && model !== "qusb1" && model !== "qusb2")
        unsupported(`Xen has no USB controller '${model}'`);
      return writePairs({ type: "qusb", version: model === "qusb1" ? "1" : "2", ports: String(ports ?? 8) });
    },
  }),
  listSetting("usbdev", {
    read: (given, draft) => void draft.devices.hostdevs.push(readUsb(readPairs(given))),
    of: (domain) => domain.devices.hostdevs.filter(isUsb),
    write: writeUsb,
  }),
];

export const channels: readonly Setting[] = [
  listSetting("channel", {
    read: (given, draft) => {
      const pairs = readPairs(given);
      const [connection, name, path] = ["connection", "name", "path"].map((key) => pairs.get(key) || undefined);
      const target = { type: "xen" as const, ...(name && { name }) };
      if (connection === "pty") {
        draft.devices.channels.push(channel.make({ backend: { type: "pty" }, target }));
      } else if (connection === "socket") {
        const backend = { type: "unix" as const, source: { mode: "bind" as const, ...(path && { path }) } };
        draft.devices.channels.push(channel.make({ backend, target }));
      } else given.fail(`unknown connection '${connection ?? ""}'`);
    },
    of: ({ devices }) => devices.channels.filter(({ target }) => target.type === "xen"),
    write: ({ backend, target }) => {
      const name = target.type === "xen" ? target.name : undefined;
      if (backend.type === "pty") return writePairs({ connection: "pty", name });
      if (backend.type === "unix") return writePairs({ connection: "socket", path: backend.source?.path, name });
      return unsupported(`a channel of Xen cannot end in '${backend.type}'`);
    },
  }),
];

const isBus = (one: Controller): one is ControllerOf<"xenbus"> => one.type === "xenbus";

function busOf(draft: ParsedDomain): ControllerOf<"xenbus"> {
  const found = draft.devices.controllers.find(isBus);
  if (found !== undefined) return found;
  const made = controller.make({ type: "xenbus", index: 0 }) as ControllerOf<"xenbus">;
  draft.devices.controllers.push(made);
  return made;
}

function busLimit(name: string, key: "maxGrantFrames" | "maxEventChannels"): Setting {
  return {
    name,
    read: (given, draft) => {
      busOf(draft)[key] = given.number(0xffff_ffff);
    },
    write: ({ devices }) => {
      const most = devices.controllers.find(isBus)?.[key];
      return most === undefined ? undefined : BigInt(most);
    },
  };
}

export const bus: readonly Setting[] = [
  busLimit("max_grant_frames", "maxGrantFrames"),
  busLimit("max_event_channels", "maxEventChannels"),
];

export const firmwareTables: readonly Setting[] = [
  {
    name: "acpi_firmware",
    read: (given, draft) => {
      if (isHvm(draft)) draft.os.acpi = { tables: [{ type: "slic", value: given.text() }] };
    },
    write: ({ os }) => os.acpi?.tables[0]?.value,
  },
];
