/** What `--xpath` and `--wrap` print of a document. */
import { formatMarkup, toMarkup } from "../../xml/markup.ts";
import { CommandError } from "../error.ts";
import { readDocument } from "../shared/xml.ts";
import { DocumentNodes, type Node } from "./nodes.ts";
import { parseXPath, type Scope, XPathError } from "./parse.ts";
import { isNodes } from "./values.ts";

/** The selected nodes, each on its own line, or all below one element. @throws {CommandError} */
export function selectXml(xml: string, expression: string, wrap: boolean): string {
  const nodes = new DocumentNodes(readDocument(xml));
  const selected = evaluate(expression, { nodes, node: nodes.document.root, position: 1, size: 1 });
  return wrap ? wrapped(selected) : selected.map((node) => `${formatNode(node)}\n`).join("");
}

function evaluate(expression: string, scope: Scope): readonly Node[] {
  const incorrect = () => new CommandError(`internal error: Incorrect xpath '${expression}'`);
  try {
    const value = parseXPath(expression)(scope);
    if (isNodes(value)) return value;
  } catch (error) {
    if (error instanceof XPathError) throw new CommandError([`XPath error : ${error.message}`, incorrect().message]);
    throw error;
  }
  throw incorrect();
}

function formatNode(node: Node): string {
  switch (node.kind) {
    case "document":
      return `<?xml version="1.0" encoding="UTF-8"?>\n${formatNode(node.root)}`;
    case "element":
      return formatMarkup(toMarkup(node)).trimEnd();
    case "attribute":
      return ` ${node.name}="${escaped(node.value).replaceAll('"', "&quot;")}"`;
    case "comment":
      return `<!--${node.text}-->`;
    case "text":
      return escaped(node.text);
  }
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Selected attributes become the wrapper's own; of those with one name, the last. */
function wrapped(selected: readonly Node[]): string {
  const attributes = new Map<string, string>();
  for (const node of selected) if (node.kind === "attribute") attributes.set(node.name, formatNode(node));
  const content = selected.filter(({ kind }) => kind !== "attribute");
  const start = `<nodes${[...attributes.values()].join("")}`;
  if (content.length === 0) return `${start}/>\n`;
  if (content.some(({ kind }) => kind === "text")) return `${start}>${content.map(formatNode).join("")}</nodes>\n`;
  const lines = content.map((node) => formatNode(node).replace(/^(?=.)/gm, "  "));
  return `${start}>\n${lines.join("\n")}\n</nodes>\n`;
}
