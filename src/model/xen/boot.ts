/** How the guest comes up: firmware, kernel, boot loader. The two dialects differ most here. */
import type { ConfigurationValue } from "../configuration.ts";
import type { Domain, ParsedDomain } from "../domain/index.ts";
import type { Given } from "./given.ts";
import { isHvm, type Lens, type Setting, textSetting } from "./setting.ts";

type Os = ParsedDomain["os"];

const osText = (key: "kernel" | "initrd" | "cmdline" | "root"): Lens<string> => ({
  get: ({ os }) => os[key],
  set: ({ os }, value) => {
    if (value !== "") os[key] = value;
  },
});

type BootDevice = Os["boots"][number]["dev"];
const bootLetters: Readonly<Record<string, BootDevice>> = { a: "fd", c: "hd", d: "cdrom", n: "network" };
const lettersOf = new Map(Object.entries(bootLetters).map(([letter, dev]) => [dev, letter]));

const order: Setting = {
  name: "boot",
  read: (given, draft) => {
    const wrong = isHvm(draft) ? setBootOrder(draft, given.text()) : undefined;
    if (wrong !== undefined) given.fail(`'${wrong}' is not one of a, c, d, n`);
  },
  write: (domain) => (isHvm(domain) ? bootOrderOf(domain) : undefined),
};

/** @returns the first letter that stands for no device */
export function setBootOrder({ os }: ParsedDomain, letters: string): string | undefined {
  let wrong: string | undefined;
  for (const letter of new Set(letters)) {
    const dev = bootLetters[letter];
    if (dev === undefined) wrong ??= letter;
    else os.boots.push({ dev });
  }
  return wrong;
}

/** Letters of the devices that firmware tries. */
export function bootOrderOf({ os }: Domain): string | undefined {
  return os.boots.length === 0 ? undefined : os.boots.map(({ dev }) => lettersOf.get(dev)).join("");
}

const bootloader = textSetting("bootloader", {
  get: (domain) => (isHvm(domain) ? undefined : domain.bootloader),
  set: (domain, path) => {
    if (!isHvm(domain) && path !== "") domain.bootloader = path;
  },
});

function readArguments(given: Given, draft: ParsedDomain): void {
  if (isHvm(draft)) return;
  draft.bootloader_args = given
    .items()
    .map((one) => one.text())
    .join(" ");
}

const argumentsOf = (domain: Domain): ConfigurationValue | undefined =>
  isHvm(domain) || !domain.bootloader_args ? undefined : domain.bootloader_args;

/** The kernel's words from the two settings of old. */
function olderCommandLine(draft: ParsedDomain, words: string, isRoot: boolean): void {
  if (words === "") return;
  const { cmdline } = draft.os;
  const added = isRoot ? `root=${words}` : words;
  draft.os.cmdline = cmdline === undefined ? added : `${cmdline} ${added}`;
}

/** `root` before `extra`, and neither where `cmdline` says all. */
const rootAndExtra: readonly Setting[] = [
  { name: "root", read: (given, draft) => olderCommandLine(draft, given.text(), true) },
  { name: "extra", read: (given, draft) => olderCommandLine(draft, given.text(), false) },
];

/** What the kernel is told: the root device, where that is said apart, and the rest. */
function commandLineOf({ os }: Domain): string | undefined {
  const root = os.root !== undefined && !/(^|\s)root=/.test(os.cmdline ?? "") ? `root=${os.root}` : undefined;
  const words = [root, os.cmdline].filter((part) => part !== undefined);
  return words.length === 0 ? undefined : words.join(" ");
}

const flashFirmware = "ovmf.bin";

const bios: Setting = {
  name: "bios",
  read: (given, draft, { firmwareFolder }) => {
    if (!isHvm(draft) || given.text() !== "ovmf") return;
    draft.os.loader = { readonly: true, type: "pflash", value: `${firmwareFolder}/${flashFirmware}` };
  },
  write: (domain) => (isHvm(domain) && domain.os.loader?.type === "pflash" ? "ovmf" : undefined),
};

export const xlBoot: readonly Setting[] = [
  bios,
  textSetting("kernel", osText("kernel")),
  textSetting("ramdisk", osText("initrd")),
  ...rootAndExtra,
  {
    name: "cmdline",
    read: (given, draft) => {
      if (given.text() !== "") draft.os.cmdline = given.text();
    },
    write: commandLineOf,
  },
  order,
  bootloader,
  { name: "bootargs", read: readArguments },
  { name: "bootloader_args", read: readArguments, write: argumentsOf },
];

/** xl knows which firmware an HVM guest runs. */
export function setLoader({ os }: ParsedDomain, path: string): void {
  os.loader ??= { type: "rom", value: path };
}

export const xmBoot: readonly Setting[] = [
  {
    // An HVM guest's kernel is its firmware.
    name: "kernel",
    read: (given, draft) => {
      const path = given.text();
      if (path === "") return;
      if (isHvm(draft)) draft.os.loader = { type: "rom", value: path };
      else draft.os.kernel = path;
    },
    write: (domain) => (isHvm(domain) ? domain.os.loader?.value : domain.os.kernel),
  },
  textSetting("ramdisk", osText("initrd")),
  ...rootAndExtra.map((setting) => ({
    ...setting,
    write: (domain: Domain) => (setting.name === "root" ? domain.os.root : domain.os.cmdline),
  })),
  order,
  bootloader,
  { name: "bootargs", read: readArguments, write: argumentsOf },
];
