/** `<shmem>`: memory shared between guests. */
import { attr, child, fields, type Infer, oneOf, only, onOff, type Shape, text, uint } from "../../xml/index.ts";
import { info } from "./info.ts";
import { sharedMemorySize } from "./sizes.ts";

const shmemShape = fields({
  name: attr(text).required(),
  role: attr(oneOf("master", "peer")),
  model: only("type", oneOf("ivshmem", "ivshmem-plain", "ivshmem-doorbell")).default("ivshmem"),
  /** Bytes. */
  size: sharedMemorySize(),
  /** The server that hands out the memory; there is none when the element is missing. */
  server: child({ path: attr(text) }).empty("keep"),
  msi: child({ vectors: attr(uint()), ioeventfd: attr(onOff) }).empty("keep"),
  ...info,
});
export interface Shmem extends Infer<typeof shmemShape> {}
export const shmem: Shape<Shmem> = shmemShape;
