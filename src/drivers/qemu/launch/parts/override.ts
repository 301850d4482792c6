/** Properties of devices that a definition changes by hand (`<qemu:override>`). */
import type { Domain, QemuOverride } from "../../../../model/domain/index.ts";
import type { Json } from "../../monitor/json.ts";
import type { DevicePart, Part } from "./part.ts";

/** The parts of a device with what the definition says of its guest's end. */
export function overridden(parts: Part[], alias: string | undefined, { qemuOverride }: Domain): Part[] {
  const wanted = qemuOverride?.devices.find((device) => device.alias === alias)?.frontend?.properties;
  if (wanted === undefined) return parts;
  return parts.map((part) => (part.kind === "device" && part.props.id === alias ? changed(part, wanted) : part));
}

type Property = NonNullable<QemuOverride["devices"][number]["frontend"]>["properties"][number];

function changed(part: DevicePart, wanted: readonly Property[]): DevicePart {
  const props: { [name: string]: Json | undefined } = { ...part.props };
  for (const property of wanted) {
    if (property.type === "remove") delete props[property.name];
    else props[property.name] = propertyValue(property);
  }
  return { kind: "device", props };
}

function propertyValue({ type, value = "" }: Property): Json {
  switch (type) {
    case "bool":
      return value === "true";
    case "signed":
    case "unsigned":
      return BigInt(value);
    default:
      return value;
  }
}
