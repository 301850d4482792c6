/** The table of settings as Markdown, for docs/qemu-conf.md. */
import { tableDocument } from "../../../model/settings/document.ts";
import { settingsTable } from "./table.ts";

export function settingsDocument(): string {
  return tableDocument(settingsTable);
}
