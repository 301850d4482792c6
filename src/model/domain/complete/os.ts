/** Operating system type, boot order, clock and features. */
import type { ParsedDomain } from "../domain.ts";
import { refuse, unsupported } from "../refuse.ts";
import type { CompletionOptions } from "./options.ts";
import { set } from "./update.ts";

export function completeOs(domain: ParsedDomain, { arch }: CompletionOptions): void {
  const { os } = domain;
  if (os.type.value === "") {
    if (domain.bootloader === undefined) refuse("OS_TYPE", "an os <type> must be specified");
    os.type.value = "xen";
  }
  // The name that paravirtual Xen guests had at first.
  if (os.type.value === "linux") os.type.value = "xen";
  if (os.type.arch === undefined && arch !== undefined) os.type.arch = arch;
  completeLoader(domain);
  completeBootMenu(domain);
  completeBoot(domain);
}

/** Firmware given by its path is a ROM, unless it is said to be flash; secure boot goes with enrolled keys. */
function completeLoader({ os }: ParsedDomain): void {
  const { loader, firmwareFeatures } = os;
  if (loader?.value !== undefined) loader.type ??= "rom";
  const features = firmwareFeatures?.features ?? [];
  const enrolled = features.some(({ name, enabled }) => name === "enrolled-keys" && enabled);
  if (enrolled && !features.some(({ name }) => name === "secure-boot")) {
    features.push({ enabled: true, name: "secure-boot" });
  }
}

function completeBootMenu({ os }: ParsedDomain): void {
  const { bootmenu } = os;
  if (bootmenu === undefined) return;
  if (bootmenu.enable === undefined) delete os.bootmenu;
  else if (!bootmenu.enable) delete bootmenu.timeout;
  else if ((bootmenu.timeout ?? 0) > 65535) {
    unsupported("invalid value for boot menu timeout, must be in range [0,65535]");
  }
}

/** A guest with firmware boots from its first disk unless something says otherwise. */
function completeBoot(domain: ParsedDomain): void {
  const { os, devices } = domain;
  if (os.type.value !== "hvm" || domain.bootloader !== undefined) return;
  const { disks, interfaces, hostdevs, redirdevs, filesystems } = devices;
  const ordered = [...disks, ...interfaces, ...hostdevs, ...redirdevs, ...filesystems].some(
    ({ boot }) => boot !== undefined,
  );
  if (os.boots.length === 0 && !ordered) os.boots.push({ dev: "hd" });
}

/** An offset in seconds is a clock of its own kind, counted from the time it was given for. */
export function completeClock(domain: ParsedDomain): void {
  const { clock } = domain;
  if (clock.offset === "variable") clock.adjustment = seconds(clock.adjustment);
  if (clock.offset !== "utc" && clock.offset !== "localtime") return;
  if (clock.adjustment === undefined || clock.adjustment === "reset") return;
  domain.clock = {
    offset: "variable",
    adjustment: seconds(clock.adjustment),
    basis: clock.offset,
    timers: clock.timers,
  };
}

/** The plainest way to write a number: without plus sign and leading zeros. */
function seconds(text: string): string {
  return text === "reset" ? text : String(BigInt(text.startsWith("+") ? text.slice(1) : text));
}

/** Elements that say nothing are dropped. */
export function completeFeatures(domain: ParsedDomain): void {
  const { features } = domain;
  if (features === undefined) return;
  const { capabilities, hyperv } = features;
  if (capabilities?.policy === "default" && Object.keys(capabilities).length === 1) delete features.capabilities;
  if (hyperv?.mode === "passthrough") features.hyperv = { mode: "passthrough" };
}

/** Two empty settings, and maps of one kind of ids only, mean nothing. */
export function completeResource(domain: ParsedDomain): void {
  const { resource } = domain;
  if (resource !== undefined && resource.partition === undefined && resource.fibrechannel === undefined) {
    refuse("XML_ERROR", "<resource> says neither a partition nor a fibre channel application");
  }
  set(domain, "description", domain.description || undefined);
}
