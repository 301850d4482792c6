/** `<video>`: graphics cards. */
import { attr, child, fields, type Infer, oneOf, type Shape, text, uint, yesNo } from "../../xml/index.ts";
import { info } from "./info.ts";
import { virtio } from "./virtio.ts";

const videoShape = fields({
  driver: child({
    ...virtio,
    /** Who emulates it: the emulator, or a process of its own. */
    name: attr(oneOf("qemu", "vhostuser")),
    /** bhyve: whether legacy VGA is there. */
    vgaconf: attr(oneOf("io", "on", "off")),
  }),
  model: child({
    type: attr(
      oneOf(
        "vga",
        "cirrus",
        "vmvga",
        "xen",
        "vbox",
        "qxl",
        "parallels",
        "virtio",
        "gop",
        "none",
        "bochs",
        "ramfb",
        "default",
      ),
    ),
    /** KiB, as are the other memories. */
    ram: attr(uint()),
    vram: attr(uint()),
    vram64: attr(uint()),
    vgamem: attr(uint()),
    heads: attr(uint()),
    /** The card the guest's firmware uses. */
    primary: attr(yesNo),
    acceleration: child({ accel3d: attr(yesNo), accel2d: attr(yesNo), rendernode: attr(text) }),
    resolution: child({ x: attr(uint()).required(), y: attr(uint()).required() }),
  }),
  ...info,
});
export interface Video extends Infer<typeof videoShape> {}
export const video: Shape<Video> = videoShape;
