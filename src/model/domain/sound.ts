/** `<sound>`: sound cards. */
import { attr, fields, type Infer, many, oneOf, only, type Shape, uint } from "../../xml/index.ts";
import { info } from "./info.ts";

const soundShape = fields({
  model: attr(oneOf("sb16", "es1370", "pcspk", "ac97", "ich6", "ich9", "usb", "ich7")).required(),
  codecs: many({ type: attr(oneOf("duplex", "micro", "output")).required() }).named("codec"),
  /** Id of the `<audio>` it plays through. */
  audio: only("id", uint()),
  ...info,
});
export interface Sound extends Infer<typeof soundShape> {}
export const sound: Shape<Sound> = soundShape;
