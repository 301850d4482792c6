/** The daemon's configuration file against the table of settings. */
import { LibvirtError } from "../../errors.ts";
import { readBounded } from "../../host/files.ts";
import { syntaxError } from "../../model/configuration.ts";
import { readTable } from "../../model/settings/read.ts";
import { parseFilters } from "../log/filters.ts";
import { parseOutputs } from "../log/outputs.ts";
import { isReloaded, type SettingName, type SettingValues, settingsTable } from "./table.ts";

const maxBytes = 1024 * 1024;

/**
 * Reads the text of a file; its name is for errors.
 * @throws LibvirtError CONF_SYNTAX, with file and line, for an unknown name, a wrong value, and values that contradict
 *   each other.
 */
export function parseSettings(text: string, file: string): SettingValues {
  const read = readTable(settingsTable, text, file, "docs/tsvirtd-conf.md");
  for (const [name, check] of checks) {
    // What the file does not say is not its fault.
    const line = read.entries.get(name)?.line;
    const complaint = line === undefined ? null : check(read.values);
    if (complaint !== null) throw syntaxError(file, line ?? 1, `'${name}' ${complaint}`);
  }
  return read.values;
}

type Check = readonly [name: SettingName, complaint: (values: SettingValues) => string | null];

const checks: readonly Check[] = [
  ["log_filters", ({ log_filters }) => complaintOf(() => parseFilters(log_filters ?? ""))],
  ["log_outputs", ({ log_outputs }) => complaintOf(() => parseOutputs(log_outputs ?? ""))],
  [
    "max_anonymous_clients",
    ({ max_anonymous_clients: anonymous, max_clients }) =>
      anonymous > max_clients ? `(${anonymous}) is above 'max_clients' (${max_clients})` : null,
  ],
  [
    "host_uuid",
    ({ host_uuid }) =>
      host_uuid !== undefined && /^(.)\1*$/.test(host_uuid.replaceAll("-", "").toLowerCase())
        ? "must not have all digits the same"
        : null,
  ],
];

function complaintOf(parse: () => unknown): string | null {
  try {
    parse();
    return null;
  } catch (error) {
    return `is wrong: ${(error as LibvirtError).str2}`;
  }
}

/**
 * Reads a configuration file.
 * @param required whether it must be there; without a file the defaults hold
 */
export async function readSettings(file: string, required: boolean): Promise<SettingValues> {
  const text = await readBounded(file, maxBytes, "CONF");
  if (text === null && required) throw new LibvirtError("OPEN_FAILED", "CONF", `'${file}': No such file or directory`);
  return parseSettings(text ?? "", file);
}

/** Which settings differ, and of these which ones only a new start changes. */
export function changesOf(before: SettingValues, after: SettingValues): { reloaded: string[]; later: string[] } {
  const names = Object.keys(settingsTable) as SettingName[];
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return {
    reloaded: changed.filter((name) => isReloaded(name)),
    later: changed.filter((name) => !isReloaded(name)),
  };
}

/** The settings that hold after the file was read again: of those that only a start changes, the former ones. */
export function withReloaded(before: SettingValues, after: SettingValues): SettingValues {
  const changed = changesOf(before, after).reloaded as SettingName[];
  return { ...before, ...Object.fromEntries(changed.map((name) => [name, after[name]])) };
}
