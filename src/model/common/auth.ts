/** Who libvirt says it is to a storage server, and the secret that proves it. */
import { LibvirtError } from "../../errors.ts";
import { attr, child, fields, type Infer, nonEmpty, oneOf, type Shape, uuid } from "../../xml/index.ts";

const secretReferenceShape = fields({
  type: attr(nonEmpty),
  uuid: attr(uuid),
  usage: attr(nonEmpty),
});
/** A secret object, by its UUID or by what it is for. */
export interface SecretReference extends Infer<typeof secretReferenceShape> {}
const secretReference: Shape<SecretReference> = secretReferenceShape;

const authShape = fields({
  type: attr(oneOf("chap", "ceph")),
  username: attr(nonEmpty).required(),
  secret: child(secretReference).required(),
});
export interface Auth extends Infer<typeof authShape> {}
export const auth: Shape<Auth> = authShape;

/** @throws LibvirtError XML_ERROR unless the secret is named in exactly one way. */
export function checkSecretReference({ uuid: byUuid, usage }: SecretReference): void {
  if (byUuid === undefined && usage === undefined) {
    throw new LibvirtError("XML_ERROR", "NONE", "<secret> needs a uuid or a usage");
  }
  if (byUuid !== undefined && usage !== undefined) {
    throw new LibvirtError("XML_ERROR", "NONE", "<secret> takes a uuid or a usage, not both");
  }
}
