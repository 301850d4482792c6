/** The data that XPath works on: nodes of a document, their order, their text. */
import type { XmlElement } from "../../xml/tree.ts";

/** The document itself, the root element's parent. */
export interface DocumentNode {
  readonly kind: "document";
  readonly root: XmlElement;
}

export interface AttributeNode {
  readonly kind: "attribute";
  readonly name: string;
  readonly value: string;
  readonly parent: XmlElement;
}

export interface TextNode {
  readonly kind: "text" | "comment";
  readonly text: string;
  readonly parent: XmlElement;
}

export type Node = DocumentNode | XmlElement | AttributeNode | TextNode;

/** What an expression evaluates to. */
export type Value = readonly Node[] | string | number | boolean;

/** Nodes of one document, each made once, so that the same node is the same object. */
export class DocumentNodes {
  readonly document: DocumentNode;
  readonly #leaves = new Map<XmlElement, { attributes: AttributeNode[]; children: Node[] }>();

  constructor(root: XmlElement) {
    this.document = { kind: "document", root };
  }

  attributes(node: Node): readonly AttributeNode[] {
    return node.kind === "element" ? this.#of(node).attributes : [];
  }

  children(node: Node): readonly Node[] {
    if (node.kind === "document") return [node.root];
    return node.kind === "element" ? this.#of(node).children : [];
  }

  parent(node: Node): Node | undefined {
    if (node.kind === "document") return undefined;
    return node.parent ?? this.document;
  }

  /** A node and all below it, in document order. */
  *subtree(node: Node): Generator<Node> {
    yield node;
    for (const child of this.children(node)) yield* this.subtree(child);
  }

  /** Each node once, in document order. */
  ordered(nodes: Iterable<Node>): Node[] {
    const wanted = new Set(nodes);
    const found: Node[] = [];
    for (const node of this.subtree(this.document)) {
      if (wanted.has(node)) found.push(node);
      for (const attribute of this.attributes(node)) if (wanted.has(attribute)) found.push(attribute);
    }
    return found;
  }

  #of(element: XmlElement): { attributes: AttributeNode[]; children: Node[] } {
    let leaves = this.#leaves.get(element);
    if (leaves === undefined) {
      const children = element.nodes.flatMap((node): Node[] => {
        if (node.kind === "element") return [node];
        if (node.kind === "instruction") return [];
        return [{ kind: node.kind === "comment" ? "comment" : "text", text: node.text, parent: element }];
      });
      const attributes = element.attributes.map(
        ({ name, value }): AttributeNode => ({ kind: "attribute", name, value, parent: element }),
      );
      leaves = { attributes, children };
      this.#leaves.set(element, leaves);
    }
    return leaves;
  }
}

/** A node's string value. */
export function stringOf(node: Node): string {
  switch (node.kind) {
    case "document":
      return stringOf(node.root);
    case "attribute":
      return node.value;
    case "element":
      return node.nodes
        .map((child) => (child.kind === "element" ? stringOf(child) : /text|cdata/.test(child.kind) ? child.text : ""))
        .join("");
    default:
      return node.text;
  }
}
