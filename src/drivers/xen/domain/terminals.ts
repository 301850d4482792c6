/** Where the Xen Store keeps the paths of a running guest's terminals. */
import type { Domain as Definition } from "../../../model/domain/index.ts";

/** Of Xen's own consoles: xenconsoled serves the first one. */
export function consoleTty(id: number, number = 0): string {
  return `/local/domain/${id}/${number === 0 ? "console" : `device/console/${number}`}/tty`;
}

/** Of the serial ports that a guest's device model emulates. */
export function serialTty(id: number, number: number): string {
  return `/local/domain/${id}/serial/${number}/tty`;
}

/** Whether a console is another name for a guest's first serial port. */
export function isOnSerial({ target }: Definition["devices"]["consoles"][number]): boolean {
  return target?.type === "serial";
}
