/** Waiting until a socket has something to read, without reading it. */
import { type OnReadOpts, Socket } from "node:net";

/** A socket that only reads, into buffers that its user provides. Owns the descriptor. */
export function readingSocket(descriptor: number, onread: OnReadOpts): Socket {
  // The types know `onread` of `connect` only; it is documented for both.
  const options: ConstructorParameters<typeof Socket>[0] & { onread: OnReadOpts } = {
    fd: descriptor,
    readable: true,
    writable: false,
    onread,
  };
  return new Socket(options);
}

/**
 * Calls `done` once when the socket has something to read, or is over; nothing is taken from it.
 * @param descriptor of the socket; it belongs to the watch from now on, which closes it
 * @returns a function that ends the watch
 */
export function whenReadable(descriptor: number, done: () => void): () => void {
  // A reader without room is told that there is something (ENOBUFS) before anything is read.
  const watch = readingSocket(descriptor, { buffer: new Uint8Array(0), callback: () => false });
  let over = false;
  const end = (tell: boolean) => {
    if (over) return;
    over = true;
    watch.destroy();
    if (tell) done();
  };
  watch.on("error", () => end(true));
  watch.on("end", () => end(true));
  watch.on("close", () => end(true));
  watch.resume();
  return () => end(false);
}
