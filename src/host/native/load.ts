/** Who calls the C library: the package koffi, or a Node that can do it itself. */
import type { CLibrary } from "./c-library.ts";
import { loadKoffi } from "./koffi.ts";
import { loadNodeFfi } from "./node-ffi.ts";

/** The library, or why nobody here can call it, as a text. */
export async function loadCLibrary(): Promise<CLibrary | string> {
  const byKoffi = await loadKoffi();
  if (typeof byKoffi !== "string") return byKoffi;
  const byNode = loadNodeFfi();
  return typeof byNode === "string" ? `${byKoffi}, and ${byNode}` : byNode;
}
