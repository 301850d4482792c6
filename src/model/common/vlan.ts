/** VLAN tags of a network, a port group or a guest's interface. */
import { LibvirtError } from "../../errors.ts";
import { attr, fields, type Infer, many, oneOf, type Shape, uint, yesNo } from "../../xml/index.ts";

/** Greatest VLAN id. */
const maxVlan = 4095;

const vlanShape = fields({
  trunk: attr(yesNo),
  tags: many({
    id: attr(uint()).required(),
    /** This tag is the one of frames that carry none. */
    nativeMode: attr(oneOf("tagged", "untagged")),
  }).named("tag"),
});

export interface Vlan extends Infer<typeof vlanShape> {}
export const vlan: Shape<Vlan> = vlanShape;

/**
 * Completes and checks what was read: several tags, or a native one, make a trunk.
 * @throws LibvirtError XML_ERROR
 */
export function completeVlan(given: Vlan | undefined): Vlan | undefined {
  if (given === undefined) return undefined;
  const fail = (detail: string): never => {
    throw new LibvirtError("XML_ERROR", "NONE", detail);
  };
  const { trunk, tags } = given;
  if (tags.length === 0) fail("missing tag id - each <vlan> must have at least one <tag id='n'/> subelement");
  for (const { id } of tags) if (id > maxVlan) fail(`vlan tag id ${id} too large (maximum ${maxVlan})`);
  const native = tags.filter(({ nativeMode }) => nativeMode !== undefined).length;
  if (native > 1) fail("duplicate native vlan setting");
  if (trunk === false && native > 0) {
    fail(`invalid configuration in <vlan> - "trunk='no'" is not allowed with a native vlan id`);
  }
  if (trunk === false && tags.length > 1) {
    fail(`invalid "trunk='no'" in <vlan> - trunk='yes' is required for more than one vlan tag`);
  }
  const isTrunk = tags.length > 1 || native > 0 || trunk === true;
  return isTrunk ? { trunk: true, tags } : { tags };
}
