/** `<rng>`: random numbers for the guest. */
import { attr, child, content, fields, type Infer, inline, type Shape, text, uint, variants } from "../../xml/index.ts";
import { charBackend } from "./chardev.ts";
import { info } from "./info.ts";
import { virtio, virtioModel } from "./virtio.ts";

const rngShape = fields({
  model: attr(virtioModel).required(),
  /** At most that many bytes in each period of milliseconds. */
  rate: child({ bytes: attr(uint()).required(), period: attr(uint()).omit(0) }),
  backend: child(
    variants("model", {
      /** A device of the host. */
      random: { value: content(text).default("/dev/random") },
      /** An entropy gathering daemon at the other end of a character device. */
      egd: { backend: inline(charBackend).required() },
      builtin: {},
    }),
  ).required(),
  driver: child({ ...virtio }),
  ...info,
});
export interface Rng extends Infer<typeof rngShape> {}
export const rng: Shape<Rng> = rngShape;
