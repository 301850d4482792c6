/** How descriptions of networks are refused. */
import { type ErrorName, LibvirtError } from "../../errors.ts";

/** Throws for a network, naming it. */
export function refuse(name: string, detail: string, code: ErrorName = "XML_ERROR"): never {
  throw new LibvirtError(code, "NETWORK", `${detail} (network '${name}')`);
}
