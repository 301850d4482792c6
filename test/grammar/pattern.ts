/** RELAX NG grammars (XML syntax) as far as libvirt's schemas use them. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseTree, type XmlElement } from "../../src/xml/index.ts";

export type Pattern =
  | { readonly kind: "empty" | "text" | "notAllowed" }
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "data"; readonly type: string; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: "ref"; readonly name: string }
  | { readonly kind: "attribute"; readonly name: string; readonly inner: Pattern }
  | { readonly kind: "element"; readonly name: string; readonly ns: string | undefined; readonly inner: Pattern }
  | { readonly kind: "choice" | "group" | "interleave"; readonly parts: readonly Pattern[] }
  | { readonly kind: "optional" | "zeroOrMore" | "oneOrMore"; readonly inner: Pattern };

export interface Grammar {
  readonly start: Pattern;
  readonly defines: ReadonlyMap<string, Pattern>;
}

/** Reads a grammar and what it includes. */
export async function loadGrammar(path: string): Promise<Grammar> {
  const defines = new Map<string, Pattern>();
  const starts: Pattern[] = [];
  const load = async (file: string): Promise<void> => {
    const root = parseTree(await readFile(file, "utf8"), { title: file, domain: "XML" });
    for (const element of root.elements()) {
      const { name } = localName(element);
      if (name === "include") await load(join(dirname(file), element.attribute("href") ?? ""));
      else if (name === "start") starts.push(group(element));
      else if (name === "define") defines.set(element.attribute("name") ?? "", group(element));
    }
  };
  await load(path);
  const [start] = starts;
  if (start === undefined) throw new Error(`${path} has no <start>`);
  return { start, defines };
}

const localName = ({ sourceName }: XmlElement): { name: string } => ({
  name: sourceName.slice(sourceName.indexOf(":") + 1),
});

function group(element: XmlElement): Pattern {
  const parts = [...element.elements()].flatMap((part) => patternOf(part) ?? []);
  const [only] = parts;
  if (only === undefined) return { kind: "empty" };
  return parts.length === 1 ? only : { kind: "group", parts };
}

function patternOf(element: XmlElement): Pattern | undefined {
  const { name } = localName(element);
  const parts = () => [...element.elements()].flatMap((part) => patternOf(part) ?? []);
  switch (name) {
    case "empty":
    case "text":
    case "notAllowed":
      return { kind: name };
    case "value":
      return { kind: "value", text: element.takeText() };
    case "data":
      return { kind: "data", type: element.attribute("type") ?? "string", params: paramsOf(element) };
    case "ref":
      return { kind: "ref", name: element.attribute("name") ?? "" };
    case "attribute":
    case "element": {
      const called = element.attribute("name");
      // A name class stands for content libvirt does not look into.
      if (called === undefined) return { kind: "empty" };
      const inner = name === "attribute" && [...element.elements()].length === 0 ? text : group(element);
      return name === "attribute"
        ? { kind: "attribute", name: called, inner }
        : { kind: "element", name: called, ns: element.attribute("ns"), inner };
    }
    case "choice":
    case "group":
    case "interleave":
      return { kind: name, parts: parts() };
    case "optional":
    case "zeroOrMore":
    case "oneOrMore":
      return { kind: name, inner: group(element) };
    case "name":
    case "anyName":
    case "nsName":
    case "except":
      return undefined;
    default:
      throw new Error(`RELAX NG <${name}> is not known`);
  }
}

const text: Pattern = { kind: "text" };

function paramsOf(element: XmlElement): Record<string, string> {
  const params: Record<string, string> = {};
  for (const param of element.elements()) {
    const key = param.attribute("name");
    if (key !== undefined) params[key] = param.takeText();
  }
  return params;
}
