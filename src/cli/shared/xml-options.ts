/** Options of commands that read or print a document. */
import type { Completer } from "../completer.ts";
import { data, flag, text } from "../option.ts";

/** Completed by the system's shell; tsvirt has nothing of its own to offer. */
export const fileNames: Completer = () => [];

/** The file a definition is read from. */
export function xmlFile(what: string): ReturnType<typeof data> {
  return data(`file with the XML of ${what}`, { complete: fileNames });
}

export const validate = flag("check the XML against its schema, too");

/** `--xpath` and `--wrap`: parts of a document instead of all of it. */
export const xpathOptions = {
  xpath: text("print only what this XPath expression selects", { named: true, complete: () => [] }),
  wrap: flag("put what --xpath selects into one root element"),
};
