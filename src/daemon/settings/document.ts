/** The table of settings as Markdown, for docs/tsvirtd-conf.md. */
import { tableDocument } from "../../model/settings/document.ts";
import { isReloaded, settingsTable } from "./table.ts";

export function settingsDocument(): string {
  const shown = Object.entries(settingsTable).map(([name, setting]) => [name, shownAsWritten(name, setting)]);
  return tableDocument(Object.fromEntries(shown), (name) => (isReloaded(name) ? " (SIGHUP)" : ""));
}

/** Permissions are written in octal, lists in brackets. */
function shownAsWritten<S extends { readonly standard: unknown }>(name: string, setting: S): S {
  const { standard } = setting;
  if (Array.isArray(standard)) return { ...setting, standard: `[${standard.join(", ")}]` };
  if (!name.endsWith("_perms") || typeof standard !== "number") return setting;
  return { ...setting, standard: `0${standard.toString(8)}` };
}
