/** The JSON that `--json` prints. */

/**
 * JSON text of `value`. Differs from `JSON.stringify` in what libvirt's data needs: a bigint is a plain number however
 * large, and bytes are base64.
 * @param indent spaces per level; 0 puts all on one line
 */
export function toJson(value: unknown, indent = 2): string {
  return format(value, indent, "") ?? "null";
}

function format(value: unknown, indent: number, margin: string): string | undefined {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("base64"));
  const inner = margin + " ".repeat(indent);
  if (Array.isArray(value)) {
    const items = value.map((item) => format(item, indent, inner) ?? "null");
    return enclose("[", items, "]", indent, margin);
  }
  const members = Object.entries(value).flatMap(([key, member]) => {
    const text = format(member, indent, inner);
    return text === undefined ? [] : [`${JSON.stringify(key)}:${indent > 0 ? " " : ""}${text}`];
  });
  return enclose("{", members, "}", indent, margin);
}

function enclose(open: string, parts: readonly string[], close: string, indent: number, margin: string): string {
  if (parts.length === 0) return open + close;
  if (indent === 0) return open + parts.join(",") + close;
  const inner = margin + " ".repeat(indent);
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`;
}
