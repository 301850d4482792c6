/** The tool stacks: which there are, and which this host has. */
import { access } from "node:fs/promises";
import { whereIs } from "../../../host/tool.ts";
import type { Toolstack } from "./toolstack.ts";
import { usualSocket } from "./xend/client.ts";
import { XendTools } from "./xend/xend.ts";
import { type IdsOf, XlTools } from "./xl/xl.ts";

export type * from "./toolstack.ts";
export { usualSocket, type XendAddress, XendClient } from "./xend/client.ts";
export { XendTools } from "./xend/xend.ts";
export { type IdsOf, XlTools } from "./xl/xl.ts";

/**
 * The tool stack of this host: xl, and xend where there is no xl but a xend that listens.
 * @param folder a private one, for configurations while they are needed
 * @param idsOf finds domains, where somebody does so without the tool stack
 */
export async function openToolstack(folder: string, idsOf?: IdsOf): Promise<Toolstack> {
  const listens = access(usualSocket).then(
    () => true,
    () => false,
  );
  if ((await whereIs("xl")) === null && (await listens)) return new XendTools();
  return new XlTools(folder, idsOf);
}
