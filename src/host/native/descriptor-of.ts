/** Node has no public name for the descriptor of a socket. */
import type { Server, Socket } from "node:net";

/** The descriptor of a socket or a listener; it stays its owner's. Null when it is closed or this Node hides it. */
export function descriptorOf(owner: Socket | Server): number | null {
  const fd = (owner as unknown as { readonly _handle?: { readonly fd?: unknown } | null })._handle?.fd;
  return typeof fd === "number" && fd >= 0 ? fd : null;
}

/** Stops reading at once and for good, while `pause` only stops soon. False when this Node hides what it takes. */
export function stopReading(socket: Socket): boolean {
  const handle = (socket as unknown as { readonly _handle?: { readStop?(): number } | null })._handle;
  if (typeof handle?.readStop !== "function") return false;
  socket.pause();
  // The stream, which goes on asking for more, believes that it is being read.
  handle.readStop();
  return true;
}
