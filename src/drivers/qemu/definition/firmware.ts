/** Where the variables of a guest's firmware are kept. */
import type { ParsedDomain } from "../../../model/domain/index.ts";
import { variablesFile } from "../firmware/variables-file.ts";
import type { DefinitionContext } from "./context.ts";

/** Firmware in flash that the guest cannot write has a second flash of its own, in a file that the domain is named by. */
export function completeVariables({ os, name }: ParsedDomain, { nvramFolder }: DefinitionContext): void {
  const { loader } = os;
  if (nvramFolder === undefined || loader?.value === undefined) return;
  if (loader.type !== "pflash" || loader.readonly !== true) return;
  os.nvram ??= {};
  if (os.nvram.storage === undefined) os.nvram.value ??= variablesFile(nvramFolder, name);
}
