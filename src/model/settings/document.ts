/** A table of settings as Markdown, for the page that lists them. */
import type { SettingTable } from "./table.ts";

/**
 * What has a use here as a table, then what is taken and has none yet, as a list.
 * @param remark what else is to be said of a setting, behind its meaning
 */
export function tableDocument(table: SettingTable, remark: (name: string) => string = () => ""): string {
  const entries = Object.entries(table);
  const rows = entries.flatMap(([name, { type, standard, meaning }]) =>
    meaning === null
      ? []
      : [`| \`${name}\` | ${type.expected} | ${shown(standard)} | ${`${meaning}${remark(name)}`} |\n`],
  );
  const idle = entries.flatMap(([name, { why }]) => (why === undefined ? [] : [`| \`${name}\` | ${why} |\n`]));
  const reasons =
    idle.length === 0 ? "" : `\nTaken and checked, without effect:\n\n| name | why |\n|---|---|\n${idle.join("")}`;
  const unused = entries.flatMap(([name, { meaning, why }]) =>
    meaning === null && why === undefined ? [`\`${name}\``] : [],
  );
  const rest = unused.length === 0 ? "" : `\nTaken and checked, without a use yet:\n${unused.join(", ")}.\n`;
  return `| name | value | default | what it does |\n|---|---|---|---|\n${rows.join("")}${reasons}${rest}`;
}

function shown(standard: unknown): string {
  if (standard === undefined) return "";
  if (typeof standard === "boolean") return standard ? "1" : "0";
  return typeof standard === "number" ? String(standard) : `\`${standard}\``;
}
