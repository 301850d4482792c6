/** USB devices of a client in the guest. */
import type { Redirdev, Redirfilter } from "../../../../model/domain/index.ts";
import { addressProps, aliasOf } from "../address.ts";
import { bootProps } from "../board/boot-order.ts";
import { device } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import { chardevId, chardevParts } from "./chardev.ts";
import type { DeviceContext } from "./context.ts";

export function redirdevParts(redirdev: Redirdev, context: DeviceContext): Part[] {
  const { domain } = context;
  const id = aliasOf(redirdev);
  const chardev = chardevId(id);
  const { redirfilter } = domain.devices;
  return [
    ...chardevParts(chardev, redirdev.backend, context, { spice: "usbredir" }),
    device("usb-redir", {
      chardev,
      id,
      filter: redirfilter === undefined ? undefined : filterText(redirfilter),
      ...bootProps(redirdev, domain),
      ...addressProps(redirdev, domain),
    }),
  ];
}

/** `0x08:0x15E1:0x2007:0x0110:1|-1:-1:-1:-1:0`: class, vendor, product, version and verdict; -1 is any. */
function filterText({ usbdevs }: Redirfilter): string {
  const digits = (value: number | undefined, count: number): string =>
    value === undefined ? "-1" : `0x${value.toString(16).toUpperCase().padStart(count, "0")}`;
  return usbdevs
    .map(({ class: kind, vendor, product, version, allow }) =>
      [digits(kind, 2), digits(vendor, 4), digits(product, 4), digits(version, 4), Number(allow)].join(":"),
    )
    .join("|");
}
