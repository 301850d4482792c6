/** What the guest reads about its machine: SMBIOS tables, entries of QEMU's firmware configuration. */
import type { Sysinfo } from "../../../../model/domain/index.ts";
import type { Guest } from "../context.ts";
import { keyedOption } from "../parts/keyed-option.ts";
import type { Part } from "../parts/part.ts";

type Smbios = Extract<Sysinfo, { type: "smbios" }>;

export function smbiosParts(guest: Guest): Part[] {
  const tables = tablesOf(guest);
  if (tables === undefined) return [];
  const { bios, system, baseBoards, chassis, oemStrings } = tables;
  const parts: Part[] = [];
  const add = (type: number, props: object | undefined): void => {
    if (props !== undefined) parts.push(keyedOption("-smbios", undefined, { type, ...props }));
  };
  add(0, bios);
  add(1, system);
  for (const board of baseBoards) add(2, board);
  add(3, chassis);
  if (oemStrings !== undefined) add(11, { value: oemStrings.entries });
  return parts;
}

function tablesOf({ domain, hostSysinfo }: Guest): Smbios | undefined {
  switch (domain.os.smbios) {
    case "sysinfo":
      return domain.sysinfos.find((info): info is Smbios => info.type === "smbios");
    case "host":
      return hostSysinfo;
    default:
      return undefined;
  }
}

export function firmwareConfigurationParts({ domain: { sysinfos } }: Guest): Part[] {
  return sysinfos.flatMap((info) => {
    if (info.type !== "fwcfg") return [];
    return info.entries.map(({ name, file, value }) =>
      keyedOption("-fw_cfg", undefined, { name, ...(file === undefined ? { string: value ?? "" } : { file }) }),
    );
  });
}
