/** `<tpm>`: trusted platform modules. */
import {
  attr,
  child,
  fields,
  flag,
  type Infer,
  oneOf,
  only,
  type Shape,
  text,
  uuid,
  variants,
  yesNo,
} from "../../xml/index.ts";
import { info } from "./info.ts";

const version = attr(oneOf("1.2", "2.0"));

const tpmShape = fields({
  model: attr(oneOf("tpm-tis", "tpm-crb", "tpm-spapr", "spapr-tpm-proxy")),
  backend: child(
    variants("type", {
      passthrough: { version, device: child({ path: attr(text) }) },
      emulator: {
        version,
        /** Whether the TPM's state outlives a transient guest. */
        persistent_state: attr(yesNo),
        /** UUID of the secret that encrypts the TPM's state. */
        encryption: only("secret", uuid),
        active_pcr_banks: child({ sha1: flag(), sha256: flag(), sha384: flag(), sha512: flag() }),
      },
      external: {
        version,
        source: child({
          type: attr(oneOf("unix")).required(),
          mode: attr(oneOf("bind", "connect")),
          path: attr(text),
        }),
      },
    }),
  ).required(),
  ...info,
});
export interface Tpm extends Infer<typeof tpmShape> {}
export const tpm: Shape<Tpm> = tpmShape;
