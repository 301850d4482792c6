/** Trees as virsh draws them. */

export interface TreeItem {
  readonly name: string;
  /** Undefined, or a name that is not among the items, for a root. */
  readonly parent: string | undefined;
}

/** All trees of the items, each followed by a line of blanks. */
export function formatTrees(items: readonly TreeItem[]): string {
  const names = new Set(items.map(({ name }) => name));
  const roots = items.filter(({ parent }) => parent === undefined || !names.has(parent));
  return roots.map(({ name }) => `${formatNode(items, name, "", true, true)}\n`).join("");
}

function formatNode(items: readonly TreeItem[], name: string, indent: string, root: boolean, last: boolean): string {
  const line = root ? `${name}\n` : `${indent}+- ${name}\n`;
  const children = items.filter(({ parent }) => parent === name);
  const inner = root ? "  " : `${indent}${last ? "  " : "| "}`;
  const below = children.map((child, index) => {
    const bar = index === 0 ? `${inner}|\n` : "";
    return bar + formatNode(items, child.name, inner, false, index === children.length - 1);
  });
  const blank = last ? `${inner}\n` : "";
  return line + below.join("") + (children.length === 0 ? blank : "");
}
