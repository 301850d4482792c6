/** What happens at boot: the boot menu, a kernel of the host's, tables for the guest. */
import type { Guest } from "../context.ts";
import { keyedOption } from "../parts/keyed-option.ts";
import { device, option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";

export function bootParts({ domain: { os } }: Guest): Part[] {
  const timeout = os.bootmenu?.timeout;
  return [
    keyedOption("-boot", undefined, {
      menu: os.bootmenu?.enable,
      "splash-time": timeout === undefined || timeout === 0 ? undefined : timeout,
      "reboot-timeout": os.bios?.rebootTimeout,
      // Devices that have no place in the boot order are not tried.
      strict: true,
    }),
    ...kernelParts(os),
    ...(os.acpi?.tables ?? []).map(({ type, value }) =>
      keyedOption("-acpitable", undefined, { sig: type.toUpperCase(), file: value }),
    ),
  ];
}

function kernelParts({ kernel, initrd, cmdline, dtb }: Guest["domain"]["os"]): Part[] {
  const words = { "-kernel": kernel, "-initrd": initrd, "-append": cmdline, "-dtb": dtb };
  return Object.entries(words).flatMap(([name, value]) => (value === undefined ? [] : [option(name, value)]));
}

/** An option ROM that makes the BIOS use the serial port. */
export function serialBiosParts({ domain: { os } }: Guest): Part[] {
  return os.bios?.useserial === true ? [device("sga", {})] : [];
}
