/** Trees as virsh draws them. */

export interface TreeItem {
  readonly name: string;
  /** Undefined, or a name that is not among the items, for a root. */
  readonly parent: string | undefined;
}

/** The trees of all items, one after the other. */
export function formatTrees(items: readonly TreeItem[]): string {
  const names = new Set(items.map(({ name }) => name));
  const children = new Map<string | undefined, string[]>();
  for (const { name, parent } of items) {
    const key = parent !== undefined && names.has(parent) ? parent : undefined;
    children.set(key, [...(children.get(key) ?? []), name]);
  }
  const lines: string[] = [];
  for (const root of children.get(undefined) ?? []) {
    lines.push(root);
    drawChildren(lines, children, root, "");
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** What stands below an item: a bar, the children, and after the last of all a line of blanks. */
function drawChildren(
  lines: string[],
  children: ReadonlyMap<string | undefined, readonly string[]>,
  name: string,
  indent: string,
  last = true,
): void {
  const own = children.get(name) ?? [];
  if (own.length > 0) lines.push(`${indent}  |`);
  for (const [index, child] of own.entries()) {
    const isLast = index === own.length - 1;
    lines.push(`${indent}  +- ${child}`);
    drawChildren(lines, children, child, `${indent}  ${isLast ? "  " : "| "}`, isLast);
  }
  if (own.length === 0 && last) lines.push(indent);
}
