/** GnuTLS's priority strings, as far as they choose protocol versions, in Node's terms. */
import type { SecureVersion } from "node:tls";
import { LibvirtError } from "../../errors.ts";

const versions: readonly SecureVersion[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
/** What GnuTLS calls them, without `VERS-`. */
const versionNames = ["TLS1.0", "TLS1.1", "TLS1.2", "TLS1.3"];
/** Sets of ciphers: all of them end up within what Node offers by itself. */
const cipherSets: ReadonlySet<string> = new Set([
  "NORMAL",
  "DEFAULT",
  "SYSTEM",
  "PERFORMANCE",
  "SECURE",
  "SECURE128",
  "SECURE192",
  "SECURE256",
  "PFS",
]);

/** The oldest and the newest version that may be spoken. */
export interface VersionRange {
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
}

/**
 * Reads a priority string: `NORMAL:-VERS-ALL:+VERS-TLS1.3`, `@LIBVIRT,SYSTEM`, ...
 * @throws {LibvirtError} CONFIG_UNSUPPORTED for words that choose more than versions
 */
export function versionRange(priority: string | null): VersionRange {
  if (priority === null) return {};
  const allowed = new Set(versionNames.slice(2));
  let named = false;
  for (const word of priority.split(":").filter((part) => part !== "" && !isCipherSet(part))) {
    const [, sign, name = ""] = /^([-+!])VERS-(.+)$/.exec(word) ?? [];
    const known = versionNames.includes(name);
    // Versions that nobody speaks any more can be taken away, not be asked for.
    const isRemoval = sign === "-" || sign === "!";
    if (sign === undefined || (!known && name !== "ALL" && name !== "TLS-ALL" && !isRemoval))
      throw unreadable(priority);
    named = true;
    const meant = known ? [name] : name.endsWith("ALL") ? versionNames : [];
    for (const version of meant) {
      if (isRemoval) allowed.delete(version);
      else allowed.add(version);
    }
  }
  if (!named) return {};
  const indices = versionNames.flatMap((name, index) => (allowed.has(name) ? [index] : []));
  const [first, last] = [indices[0], indices.at(-1)];
  if (first === undefined || last === undefined) throw unreadable(priority);
  return { minVersion: versions[first] as SecureVersion, maxVersion: versions[last] as SecureVersion };
}

/** Whether a word names a whole set, a system-wide one (`@LIBVIRT,SYSTEM`) included. */
function isCipherSet(word: string): boolean {
  return cipherSets.has(word) || (word.startsWith("@") && word.length > 1);
}

function unreadable(priority: string): LibvirtError {
  const detail = `TLS priority '${priority}': only protocol versions (-VERS-TLS1.2, +VERS-ALL) can be chosen`;
  return new LibvirtError("CONFIG_UNSUPPORTED", "RPC", detail);
}
