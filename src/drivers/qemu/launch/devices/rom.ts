/** Option ROMs of devices. */
import type { Interface } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";

/** Whether the guest sees the ROM, and which one; an empty name is none at all. */
export function romProps({ rom }: Pick<Interface, "rom">): JsonObject {
  if (rom === undefined) return {};
  if (rom.enabled === false) return { romfile: "" };
  return { rombar: rom.bar === undefined ? undefined : Number(rom.bar), romfile: rom.file };
}
