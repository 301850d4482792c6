/** A root's `qemu.conf` against the table of settings: what it says, defaults filled in. */
import { exists } from "../../../host/files.ts";
import { type ConfigurationEntry, parseConfiguration, syntaxError } from "../../../model/configuration.ts";
import { readTable } from "../../../model/settings/read.ts";
import { type SettingValues, settingsTable } from "./table.ts";

/**
 * Reads the text of a file; its name is for errors.
 * @throws LibvirtError CONF_SYNTAX, with file and line, for a name that is none of libvirt's and for a wrong value.
 */
export function parseSettings(text: string, file: string): SettingValues {
  const { values, entries } = readTable(settingsTable, text, file, "docs/qemu-conf.md");
  checkPorts(values, entries, file);
  return values;
}

/** @throws LibvirtError CONF_SYNTAX for a folder of certificates that is not there. */
export async function checkFolders(text: string, file: string): Promise<void> {
  for (const { name = "", value, line } of parseConfiguration(text, file)) {
    if (!name.endsWith("_x509_cert_dir") || typeof value !== "string" || (await exists(value))) continue;
    throw syntaxError(file, line, `'${name}': there is no folder '${value}'`);
  }
}

function checkPorts(values: SettingValues, entries: ReadonlyMap<string, ConfigurationEntry>, file: string): void {
  for (const kind of ["remote_display_port", "remote_websocket_port"] as const) {
    const [first, last] = [values[`${kind}_min`], values[`${kind}_max`]];
    if (first <= last) continue;
    const line = (entries.get(`${kind}_max`) ?? entries.get(`${kind}_min`))?.line ?? 1;
    throw syntaxError(file, line, `'${kind}_max' (${last}) is below '${kind}_min' (${first})`);
  }
}
