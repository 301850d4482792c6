/** Keyboards, mice, tablets, and input devices of the host. */
import { LibvirtError } from "../../../../errors.ts";
import type { Input } from "../../../../model/domain/index.ts";
import { addressProps, aliasOf } from "../address.ts";
import { device, object } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import type { DeviceContext } from "./context.ts";
import { versionedDriver, virtioDriver, virtioProps } from "./virtio.ts";

/** PS/2 devices come with the machine. */
export function inputParts(input: Input, context: DeviceContext): Part[] {
  if (input.type === "evdev") return [hostEvents(input)];
  if (input.bus === "usb") return [usbInput(input, context)];
  return input.bus === "virtio" ? [virtioInput(input, context)] : [];
}

function hostEvents(input: Input): Part {
  const { dev, grab, grabToggle, repeat } = input.source ?? {};
  return object("input-linux", aliasOf(input), {
    evdev: dev,
    repeat,
    grab_all: grab === "all" ? true : undefined,
    "grab-toggle": grabToggle,
  });
}

const usbDrivers: { readonly [type in Input["type"]]?: string } = {
  mouse: "usb-mouse",
  tablet: "usb-tablet",
  keyboard: "usb-kbd",
};

function usbInput(input: Input, { domain }: DeviceContext): Part {
  const driver = usbDrivers[input.type] ?? refuse(input);
  return device(driver, { id: aliasOf(input), ...addressProps(input, domain) });
}

const virtioDrivers: { readonly [type in Input["type"]]?: string } = {
  mouse: "virtio-mouse",
  tablet: "virtio-tablet",
  keyboard: "virtio-keyboard",
  passthrough: "virtio-input-host",
};

function virtioInput(input: Input, context: DeviceContext): Part {
  const name = virtioDrivers[input.type] ?? refuse(input);
  // Of these only the host's own devices come in variants.
  const { driver, props } =
    input.type === "passthrough"
      ? versionedDriver(name, input, context)
      : { driver: virtioDriver(name, input), props: {} };
  return device(driver, {
    ...props,
    ...virtioProps(input.driver),
    id: aliasOf(input),
    evdev: input.source?.evdev,
    ...addressProps(input, context.domain),
  });
}

function refuse({ type, bus }: Input): never {
  throw new LibvirtError(
    "CONFIG_UNSUPPORTED",
    "QEMU",
    `input device '${type}' on bus '${bus}' is not supported by QEMU`,
  );
}
