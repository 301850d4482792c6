/** Encryption of a disk image. */
import { LibvirtError } from "../../errors.ts";
import { attr, child, fields, type Infer, many, nonEmpty, oneOf, type Shape, uint, uuid } from "../../xml/index.ts";
import { checkSecretReference } from "./auth.ts";

const encryptionShape = fields({
  format: attr(oneOf("default", "qcow", "luks", "luks2", "luks-any")).required(),
  /** Who decrypts: QEMU, or librbd on the way to the server. */
  engine: attr(oneOf("qemu", "librbd")),
  secrets: many({
    type: attr(oneOf("passphrase")).required(),
    uuid: attr(uuid),
    usage: attr(nonEmpty),
  }).named("secret"),
  cipher: child({
    name: attr(nonEmpty).required(),
    /** Bits of the key. */
    size: attr(uint()).required(),
    mode: attr(nonEmpty),
    hash: attr(nonEmpty),
  }),
  ivgen: child({ name: attr(nonEmpty).required(), hash: attr(nonEmpty) }),
});
export interface Encryption extends Infer<typeof encryptionShape> {}
export const encryption: Shape<Encryption> = encryptionShape;

/** @throws LibvirtError XML_ERROR */
export function checkEncryption({ secrets, cipher, ivgen }: Encryption): void {
  for (const secret of secrets) checkSecretReference(secret);
  if (ivgen !== undefined && cipher === undefined) {
    throw new LibvirtError("XML_ERROR", "STORAGE", "encryption with an <ivgen> needs a <cipher>");
  }
}
