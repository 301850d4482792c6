/** A root's `qemu.conf` against the table of settings: what it says, defaults filled in. */
import { exists } from "../../../host/files.ts";
import { type ConfigurationEntry, parseConfiguration, settingsOf, syntaxError } from "../../../model/configuration.ts";
import { type Setting, type SettingName, type SettingValues, settingsTable } from "./table.ts";

/**
 * Reads the text of a file; its name is for errors.
 * @throws LibvirtError CONF_SYNTAX, with file and line, for a name that is none of libvirt's and for a wrong value.
 */
export function parseSettings(text: string, file: string): SettingValues {
  const entries = settingsOf(parseConfiguration(text, file));
  const values: Partial<Record<string, unknown>> = {};
  for (const [name, { standard }] of Object.entries(settingsTable)) values[name] = standard;
  for (const entry of entries.values()) {
    const { name = "" } = entry;
    if (!isSetting(name)) throw syntaxError(file, entry.line, `unknown setting '${name}'${nearest(name)}`);
    values[name] = readValue(entry, settingsTable[name], file);
  }
  const settings = values as SettingValues;
  checkPorts(settings, entries, file);
  return settings;
}

/** @throws LibvirtError CONF_SYNTAX for a folder of certificates that is not there. */
export async function checkFolders(text: string, file: string): Promise<void> {
  for (const { name = "", value, line } of parseConfiguration(text, file)) {
    if (!name.endsWith("_x509_cert_dir") || typeof value !== "string" || (await exists(value))) continue;
    throw syntaxError(file, line, `'${name}': there is no folder '${value}'`);
  }
}

const isSetting = (name: string): name is SettingName => Object.hasOwn(settingsTable, name);

function readValue({ name, value, line }: ConfigurationEntry, { type }: Setting<unknown, unknown>, file: string) {
  const read = value === undefined ? undefined : type.read(value);
  if (read === undefined) throw syntaxError(file, line, `'${name}' must be ${type.expected}`);
  return read;
}

/** Who writes `vnc-listen` or `VNC_Listen` is told what is meant. */
function nearest(name: string): string {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const meant = Object.keys(settingsTable).find((one) => plain(one) === plain(name));
  return meant === undefined ? "; docs/qemu-conf.md lists those that there are" : `; '${meant}' is meant`;
}

function checkPorts(values: SettingValues, entries: ReadonlyMap<string, ConfigurationEntry>, file: string): void {
  for (const kind of ["remote_display_port", "remote_websocket_port"] as const) {
    const [first, last] = [values[`${kind}_min`], values[`${kind}_max`]];
    if (first <= last) continue;
    const line = (entries.get(`${kind}_max`) ?? entries.get(`${kind}_min`))?.line ?? 1;
    throw syntaxError(file, line, `'${kind}_max' (${last}) is below '${kind}_min' (${first})`);
  }
}
