/** How a guest's interface is plugged into a switch that knows about guests. */
import { LibvirtError } from "../../errors.ts";
import {
  attr,
  child,
  cUint,
  fields,
  type Infer,
  InvalidValue,
  oneOf,
  type Scalar,
  type Shape,
  text,
  uuid,
} from "../../xml/index.ts";

/** Longest profile name, in bytes. */
const maxProfile = 39;

const profile: Scalar<string> = {
  parse(from) {
    if (from === "") return undefined;
    if (Buffer.byteLength(from) > maxProfile) throw new InvalidValue("profileid parameter too long");
    return from;
  },
  format: text.format,
};

const virtualPortShape = fields({
  type: attr(oneOf("802.1Qbg", "802.1Qbh", "openvswitch", "midonet")),
  parameters: child({
    managerid: attr(cUint(0xff)),
    typeid: attr(cUint(0xff_ffff)),
    typeidversion: attr(cUint(0xff)),
    instanceid: attr(uuid),
    interfaceid: attr(uuid),
    profileid: attr(profile),
  }),
});

export interface VirtualPort extends Infer<typeof virtualPortShape> {}
export const virtualPort: Shape<VirtualPort> = virtualPortShape;

type Parameter = keyof NonNullable<VirtualPort["parameters"]>;

/** Which parameters each type knows. */
const known: Readonly<Record<NonNullable<VirtualPort["type"]>, readonly Parameter[]>> = {
  "802.1Qbg": ["managerid", "typeid", "typeidversion", "instanceid"],
  "802.1Qbh": ["profileid"],
  openvswitch: ["interfaceid", "profileid"],
  midonet: ["interfaceid"],
};

/** Parameters without which a type does not work; the others may come from a port group or the network. */
const needed: Readonly<Record<NonNullable<VirtualPort["type"]>, readonly Parameter[]>> = {
  "802.1Qbg": ["managerid", "typeid", "typeidversion", "instanceid"],
  "802.1Qbh": ["profileid"],
  openvswitch: ["interfaceid"],
  midonet: ["interfaceid"],
};

export interface VirtualPortRules {
  /** The type must be there. */
  readonly typeRequired?: boolean;
  /** All parameters of the type must be there. */
  readonly complete?: boolean;
}

/**
 * Checks that the parameters fit the type. Without a type every parameter is possible: the type may come from elsewhere.
 * @throws LibvirtError XML_ERROR
 */
export function checkVirtualPort(port: VirtualPort | undefined, rules: VirtualPortRules = {}): void {
  if (port === undefined) return;
  const fail = (detail: string): never => {
    throw new LibvirtError("XML_ERROR", "NET", detail);
  };
  const { type } = port;
  const given = Object.keys(port.parameters ?? {}) as Parameter[];
  if (type === undefined) {
    if (rules.typeRequired === true) fail("missing required virtualport type");
    return;
  }
  const extra = given.find((parameter) => !known[type].includes(parameter));
  if (extra !== undefined && !(type === "midonet" && extra === "profileid")) {
    fail(`extra ${extra} unsupported in <virtualport type='${type}'>`);
  }
  const missing = needed[type].find((parameter) => !given.includes(parameter));
  if (rules.complete === true && missing !== undefined) fail(`missing ${missing} in <virtualport type='${type}'>`);
}
