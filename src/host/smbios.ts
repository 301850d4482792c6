/** What the host's firmware says of the machine (SMBIOS), as the kernel shows it below /sys/class/dmi/id. */
import type { FileTree } from "./node/file-tree.ts";

/** Files of each table by the names that descriptions of machines use. */
const files = {
  bios: { vendor: "bios_vendor", version: "bios_version", date: "bios_date", release: "bios_release" },
  system: {
    manufacturer: "sys_vendor",
    product: "product_name",
    version: "product_version",
    // The kernel shows numbers and UUID of a machine to root alone.
    serial: "product_serial",
    uuid: "product_uuid",
    sku: "product_sku",
    family: "product_family",
  },
  baseBoard: {
    manufacturer: "board_vendor",
    product: "board_name",
    version: "board_version",
    serial: "board_serial",
    asset: "board_asset_tag",
  },
  chassis: {
    manufacturer: "chassis_vendor",
    version: "chassis_version",
    serial: "chassis_serial",
    asset: "chassis_asset_tag",
  },
} as const;

type Files = typeof files;

/** The host's tables; one that says nothing is left out. */
export type HostSmbios = {
  readonly [Table in keyof Files]?: { readonly [Entry in keyof Files[Table]]?: string };
};

/** Reads the tables; null for a host whose firmware has none or whose kernel does not show them. */
export async function readSmbios(dmi: FileTree): Promise<HostSmbios | null> {
  const tables: Record<string, Record<string, string>> = {};
  for (const [name, entries] of Object.entries(files)) {
    const found: Record<string, string> = {};
    for (const [entry, file] of Object.entries(entries)) {
      const value = printable((await dmi.read(file)) ?? "");
      if (value !== "") found[entry] = value;
    }
    if (Object.keys(found).length > 0) tables[name] = found;
  }
  return Object.keys(tables).length === 0 ? null : (tables as HostSmbios);
}

/** Firmware may hold anything; XML and command lines may not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f\ufffd]/g, "").trim();
