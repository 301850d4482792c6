/** A configuration file against its table of settings. */
import { type ConfigurationEntry, parseConfiguration, settingsOf, syntaxError } from "../configuration.ts";
import type { Setting, SettingTable, ValuesOf } from "./table.ts";

/** What a file says. */
export interface ReadSettings<Table extends SettingTable> {
  /** By name, defaults filled in. */
  readonly values: ValuesOf<Table>;
  /** The lines of the settings that the file has, by name. */
  readonly entries: ReadonlyMap<string, ConfigurationEntry>;
}

/**
 * Reads the text of a file. Its name, and that of the page that lists the settings, are for errors.
 * @throws LibvirtError CONF_SYNTAX, with file and line, for a name that is not in the table and for a wrong value.
 */
export function readTable<Table extends SettingTable>(
  table: Table,
  text: string,
  file: string,
  page: string,
): ReadSettings<Table> {
  const entries = settingsOf(parseConfiguration(text, file));
  const values: Partial<Record<string, unknown>> = {};
  for (const [name, { standard }] of Object.entries(table)) values[name] = standard;
  for (const entry of entries.values()) {
    const { name = "" } = entry;
    const setting = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!setting) throw syntaxError(file, entry.line, `unknown setting '${name}'${nearest(name, table, page)}`);
    values[name] = readValue(entry, setting, file);
  }
  return { values: values as ValuesOf<Table>, entries };
}

function readValue({ name, value, line }: ConfigurationEntry, { type }: Setting<unknown, unknown>, file: string) {
  const read = value === undefined ? undefined : type.read(value);
  if (read === undefined) throw syntaxError(file, line, `'${name}' must be ${type.expected}`);
  return read;
}

/** Who writes `vnc-listen` or `VNC_Listen` is told what is meant. */
function nearest(name: string, table: SettingTable, page: string): string {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const meant = Object.keys(table).find((one) => plain(one) === plain(name));
  return meant === undefined ? `; ${page} lists those that there are` : `; '${meant}' is meant`;
}
