/** References to secrets, which a definition names but never holds. */
import { attr, child, fields, type Infer, many, oneOf, type Shape, text, uint, uuid } from "../../xml/index.ts";

const authShape = fields({
  username: attr(text).required(),
  secret: child({ type: attr(oneOf("iscsi", "ceph")), uuid: attr(uuid), usage: attr(text) }),
});

/** Who logs in to a storage server, and with which secret. */
export interface Auth extends Infer<typeof authShape> {}
export const auth: Shape<Auth> = authShape;

const encryptionShape = fields({
  format: attr(oneOf("default", "qcow", "luks", "luks2", "luks-any")).required(),
  /** Who decrypts: the emulator, or the RBD library. */
  engine: attr(oneOf("qemu", "librbd")),
  secrets: many({ type: attr(oneOf("passphrase")).required(), uuid: attr(uuid), usage: attr(text) }).named("secret"),
  cipher: child({
    name: attr(text).required(),
    /** Bits of the key. */
    size: attr(uint()).required(),
    mode: attr(text),
    hash: attr(text),
  }),
  ivgen: child({ name: attr(text).required(), hash: attr(text) }),
});

/** How an image is encrypted. */
export interface Encryption extends Infer<typeof encryptionShape> {}
export const encryption: Shape<Encryption> = encryptionShape;
