/** `<smartcard>`: a card of the host, of certificates, or of a client, in the guest's CCID reader. */
import { type Infer, inline, leaf, leaves, type Shape, text, variants } from "../../xml/index.ts";
import { charBackend } from "./chardev.ts";
import { info } from "./info.ts";

const smartcardShape = variants("mode", {
  host: { ...info },
  "host-certificates": {
    /** Exactly three. */
    certificates: leaves(text).named("certificate"),
    database: leaf(text),
    ...info,
  },
  passthrough: { backend: inline(charBackend).required(), ...info },
});
export type Smartcard = Infer<typeof smartcardShape>;
export const smartcard: Shape<Smartcard> = smartcardShape;
