/** The socket that QEMU is controlled through. */
import { keyedOption } from "./parts/keyed-option.ts";
import { chardev } from "./parts/make-part.ts";
import type { Part } from "./parts/part.ts";

const id = "charmonitor";

/** @param fd the descriptor at which the socket listens already: whoever connects need not wait for QEMU. */
export function monitorParts(fd: number): Part[] {
  return [
    chardev(id, "socket", { addr: { type: "fd", data: { str: String(fd) } }, server: true, wait: false }),
    keyedOption("-mon", undefined, { chardev: id, id: "monitor", mode: "control" }),
  ];
}
