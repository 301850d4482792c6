/** The table of settings as Markdown, for docs/qemu-conf.md. */
import { type Setting, settingsTable } from "./table.ts";

/** What has a use here as a table, then what is taken and has none yet, as a list. */
export function settingsDocument(): string {
  const entries: [string, Setting<unknown, unknown>][] = Object.entries(settingsTable);
  const rows = entries.flatMap(([name, { type, standard, meaning }]) =>
    meaning === null ? [] : [`| \`${name}\` | ${type.expected} | ${shown(standard)} | ${meaning} |\n`],
  );
  const unused = entries.flatMap(([name, { meaning }]) => (meaning === null ? [`\`${name}\``] : []));
  return (
    `| name | value | default | what it does |\n|---|---|---|---|\n${rows.join("")}\n` +
    `Taken and checked, without a use yet:\n${unused.join(", ")}.\n`
  );
}

function shown(standard: unknown): string {
  if (standard === undefined) return "";
  if (typeof standard === "boolean") return standard ? "1" : "0";
  return typeof standard === "number" ? String(standard) : `\`${standard}\``;
}
