/** What a storage driver can do, as a document (virConnectGetStoragePoolCapabilities). */
import { attr, child, document, fields, type Infer, leaves, many, text, yesNo } from "../../xml/index.ts";
import type { PoolType } from "./pool.ts";
import { poolTypes } from "./pool-types.ts";
import { partitionFormats, volumeFormats } from "./volume-formats.ts";

const options = {
  defaultFormat: child({ type: attr(text).required() }),
  enums: many({ name: attr(text).required(), values: leaves(text).named("value") })
    .named("enum")
    .empty("pair"),
};

const description = {
  pools: many({
    type: attr(text).required(),
    supported: attr(yesNo).required(),
    poolOptions: child(options),
    volOptions: child(options),
  })
    .named("pool")
    .empty("pair"),
};
const shape = fields(description);
type Capabilities = Infer<typeof shape>;
type Options = NonNullable<Capabilities["pools"][number]["poolOptions"]>;

const capabilitiesDocument = document("storagepoolCapabilities", description);

/** Prints what a driver with these types of pools can do. */
export function formatPoolCapabilities(supported: readonly PoolType[]): string {
  const types = Object.keys(poolTypes) as PoolType[];
  const pools = types.map((type) => {
    const [poolOptions, volOptions] = [poolOptionsOf(type), volumeOptionsOf(type)];
    return {
      type,
      supported: supported.includes(type),
      ...(poolOptions && { poolOptions }),
      ...(volOptions && { volOptions }),
    };
  });
  return capabilitiesDocument.format(capabilitiesDocument.make({ pools }));
}

function optionsOf(defaultFormat: string, name: string, values: readonly string[]): Options {
  return { defaultFormat: { type: defaultFormat }, enums: [{ name, values: [...values] }] };
}

function poolOptionsOf(type: PoolType): Options | undefined {
  const { formats } = poolTypes[type];
  const [first] = formats;
  if (first === undefined) return undefined;
  const ordered = formats.includes("unknown") ? ["unknown", ...formats.filter((name) => name !== "unknown")] : formats;
  return optionsOf(first, "sourceFormatType", ordered);
}

function volumeOptionsOf(type: PoolType): Options | undefined {
  const { volumes } = poolTypes[type];
  if (volumes === "plain") return undefined;
  if (volumes === "partition") return optionsOf("none", "targetFormatType", partitionFormats);
  return optionsOf("raw", "targetFormatType", type === "rbd" ? [] : ["none", ...volumeFormats]);
}
