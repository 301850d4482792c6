/** The tool stacks: which there are, and which this host has. */
import { access } from "node:fs/promises";
import { whereIs } from "../../../host/tool.ts";
import type { Toolstack } from "./toolstack.ts";
import { usualSocket } from "./xend/client.ts";
import { XendTools } from "./xend/xend.ts";
import { XlTools } from "./xl/xl.ts";

export type * from "./toolstack.ts";
export { usualSocket, type XendAddress, XendClient } from "./xend/client.ts";
export { XendTools } from "./xend/xend.ts";
export { XlTools } from "./xl/xl.ts";

/**
 * The tool stack of this host: xl, and xend where there is no xl but a xend that listens.
 * @param folder a private one, for configurations while they are needed
 */
export async function openToolstack(folder: string): Promise<Toolstack> {
  const listens = access(usualSocket).then(
    () => true,
    () => false,
  );
  if ((await whereIs("xl")) === null && (await listens)) return new XendTools();
  return new XlTools(folder);
}
