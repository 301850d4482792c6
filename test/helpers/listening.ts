/** Waiting for servers that do not say when they listen. */
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds between two attempts: twice as many each time, up to the last. */
const [FIRST, LAST] = [10, 500];

/**
 * Resolves when somebody accepts connections at a port of this machine.
 * @param stop ends the waiting: when the server has ended, say, or its time is up
 */
export async function listening(port: number, stop: AbortSignal): Promise<void> {
  for (let pause = FIRST; ; pause = Math.min(2 * pause, LAST)) {
    stop.throwIfAborted();
    const socket = connect({ host: "127.0.0.1", port });
    try {
      await once(socket, "connect");
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED") throw error;
    } finally {
      socket.destroy();
    }
    await delay(pause, undefined, { signal: stop });
  }
}
