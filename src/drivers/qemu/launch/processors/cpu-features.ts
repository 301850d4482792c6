/** Names of CPU features in QEMU. */
import type { Domain } from "../../../../model/domain/index.ts";
import { isX86 } from "../../definition/machine.ts";

/** Features of x86 that definitions and QEMU name otherwise than with underscores for hyphens. */
const renamed: Readonly<Record<string, string>> = { pclmuldq: "pclmulqdq" };

/** The host's own business, which QEMU knows nothing of. */
const notForGuests: ReadonlySet<string> = new Set(["cmt", "mbm_total", "mbm_local", "osxsave", "ospke"]);

/** QEMU's name of a feature; undefined for those that guests cannot have. */
export function cpuFeatureNames(name: string, domain: Domain): string | undefined {
  if (!isX86(domain)) return name;
  if (notForGuests.has(name)) return undefined;
  return renamed[name] ?? name.replaceAll("_", "-");
}
