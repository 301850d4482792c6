/** The shape of every command that prints a document: `--xpath`, `--wrap`, and `--json`. */
import { xpathOptions } from "./xml-options.ts";

export { xpathOptions };

export interface XmlAnswer {
  readonly xml: string;
}

/** The answer to a command that prints a document: all of it, or what `--xpath` selects. */
export async function xmlAnswer(
  xml: string,
  options: { readonly xpath: string | undefined; readonly wrap: boolean },
): Promise<XmlAnswer> {
  if (options.xpath === undefined) return { xml };
  const { selectXml } = await import("../xpath/select.ts");
  return { xml: selectXml(xml, options.xpath, options.wrap) };
}

export function printXml({ xml }: XmlAnswer): string {
  return xml;
}
