/** `<input>`: keyboards, mice, tablets, and input devices of the host. */
import { attr, child, fields, type Infer, oneOf, onOff, type Shape, text } from "../../xml/index.ts";
import { info } from "./info.ts";
import { virtio, virtioModel } from "./virtio.ts";

const inputShape = fields({
  type: attr(oneOf("mouse", "tablet", "keyboard", "passthrough", "evdev")).required(),
  bus: attr(oneOf("ps2", "usb", "xen", "parallels", "virtio")),
  model: attr(virtioModel),
  driver: child({ ...virtio }),
  source: child({
    /** The event device of `passthrough`. */
    evdev: attr(text),
    /** The event device of `evdev`. */
    dev: attr(text),
    grab: attr(oneOf("all")),
    /** Keys that hand the device over between host and guest. */
    grabToggle: attr(oneOf("ctrl-ctrl", "alt-alt", "shift-shift", "meta-meta", "scrolllock", "ctrl-scrolllock")),
    repeat: attr(onOff),
  }),
  ...info,
});
export interface Input extends Infer<typeof inputShape> {}
export const input: Shape<Input> = inputShape;
