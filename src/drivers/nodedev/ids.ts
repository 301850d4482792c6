/** Names of vendors and products by their numbers, from the lists that distributions have (`pci.ids`, `usb.ids`). */
import type { FileTree } from "../../host/node/file-tree.ts";

interface Vendor {
  readonly name: string;
  readonly products: ReadonlyMap<string, string>;
}

export type Names = ReadonlyMap<string, Vendor>;

/** Reads a list: vendors at the beginning of a line, their products one tab further in. */
export function parseIds(text: string): Names {
  const vendors = new Map<string, Vendor>();
  let products = new Map<string, string>();
  for (const line of text.split("\n")) {
    // Classes and the like come after the vendors.
    if (/^[A-Z]+ [0-9a-f]/.test(line)) break;
    const [, tab, id, name] = /^(\t?)([0-9a-f]{4}) {2}(.*)$/.exec(line) ?? [];
    if (id === undefined || name === undefined) continue;
    if (tab === "\t") products.set(id, name);
    else {
      products = new Map();
      vendors.set(id, { name, products });
    }
  }
  return vendors;
}

/** Lists that were read, by their tree and name: they are large, and change with the distribution only. */
const known = new WeakMap<FileTree, Map<string, Promise<Names>>>();

async function namesOf(tree: FileTree, file: string): Promise<Names> {
  const lists = known.get(tree) ?? new Map<string, Promise<Names>>();
  known.set(tree, lists);
  const reading = lists.get(file) ?? tree.read(file).then((text) => parseIds(text ?? ""));
  lists.set(file, reading);
  return reading;
}

/** A number as its list has it: four digits. */
const digits = (id: number): string => id.toString(16).padStart(4, "0");

/** The names of a vendor and one of its products, where they are known. */
export async function lookUpNames(tree: FileTree, file: "pci.ids" | "usb.ids", vendorId: number, productId: number) {
  const vendor = (await namesOf(tree, file)).get(digits(vendorId));
  const product = vendor?.products.get(digits(productId));
  return { vendor: vendor?.name, product };
}
