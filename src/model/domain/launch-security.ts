/** `<launchSecurity>` and `<keywrap>`: guests whose memory or keys the host cannot read. */
import {
  attr,
  fields,
  hex,
  type Infer,
  leaf,
  many,
  oneOf,
  onOff,
  type Shape,
  text,
  uint,
  variants,
  yesNo,
} from "../../xml/index.ts";

const launchSecurityShape = variants("type", {
  sev: {
    /** Measure kernel, initrd and command line too. */
    kernelHashes: attr(yesNo),
    /** Where in a page table entry the encryption bit is. */
    cbitpos: leaf(uint()),
    reducedPhysBits: leaf(uint()),
    policy: leaf(hex(4)).required(),
    /** The guest owner's Diffie-Hellman certificate, base64. */
    dhCert: leaf(text),
    /** The guest owner's session data, base64. */
    session: leaf(text),
  },
  "s390-pv": {},
});
export type LaunchSecurity = Infer<typeof launchSecurityShape>;
export const launchSecurity: Shape<LaunchSecurity> = launchSecurityShape;

const keywrapShape = fields({
  ciphers: many({ name: attr(oneOf("aes", "dea")).required(), state: attr(onOff).required() }).named("cipher"),
});
/** s390: whether the guest may have keys protected by the machine. */
export interface Keywrap extends Infer<typeof keywrapShape> {}
export const keywrap: Shape<Keywrap> = keywrapShape;
