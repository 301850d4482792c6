/** `<sysinfo>`: what the guest reads about its machine in SMBIOS tables and in QEMU's firmware configuration. */
import {
  attr,
  child,
  content,
  document,
  Field,
  type Infer,
  leaves,
  many,
  type Shape,
  text,
  variants,
} from "../../xml/index.ts";

/** `<entry name='vendor'>LENOVO</entry>`: the key is the entry's name. */
function entry(): Field<string> {
  return new Field<string>({
    label: (name) => `entry '${name}'`,
    read(element, name) {
      for (const candidate of element.elements()) {
        if (candidate.name !== "entry" || candidate.claimed || candidate.attribute("name") !== name) continue;
        candidate.claimed = true;
        candidate.take("name");
        return candidate.takeText() || undefined;
      }
      return undefined;
    },
    printBody: (value, name, writer) => writer.element("entry", entryElement, { name, value }, "keep"),
  });
}

type Named = { readonly name: string; readonly value: string };

const entryElement = {
  namespaces: undefined,
  printAttributes: ({ name }: Named, writer: { attribute(name: string, value: string): void }) =>
    writer.attribute("name", name),
  printBody: ({ value }: Named, writer: { content(text: string): void }) => writer.content(value),
};

const sysinfoShape = variants("type", {
  smbios: {
    bios: child({
      vendor: entry(),
      version: entry(),
      /** Month/day/year. */
      date: entry(),
      release: entry(),
    }),
    system: child({
      manufacturer: entry(),
      product: entry(),
      version: entry(),
      serial: entry(),
      /** Must be the domain's own. */
      uuid: entry(),
      sku: entry(),
      family: entry(),
    }),
    baseBoards: many({
      manufacturer: entry(),
      product: entry(),
      version: entry(),
      serial: entry(),
      asset: entry(),
      location: entry(),
    }).named("baseBoard"),
    chassis: child({
      manufacturer: entry(),
      version: entry(),
      serial: entry(),
      asset: entry(),
      sku: entry(),
    }),
    oemStrings: child({ entries: leaves(text).named("entry") }),
  },
  fwcfg: {
    entries: many({
      name: attr(text).required(),
      /** A file of the host that holds the value. */
      file: attr(text),
      value: content(text),
    }).named("entry"),
  },
});
export type Sysinfo = Infer<typeof sysinfoShape>;
export const sysinfo: Shape<Sysinfo> = sysinfoShape;

/** The document that tells of the host (virConnectGetSysinfo). */
export const sysinfoDocument = document("sysinfo", sysinfo);
