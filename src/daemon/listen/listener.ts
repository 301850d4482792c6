/** A socket that clients come in through. */
import { createServer, type ListenOptions, type Server as NetServer, type Socket } from "node:net";
import { systemError } from "../../errors.ts";

export interface Listener {
  /** Takes no more connections; those that are there stay. */
  close(): Promise<void>;
}

/** What is done with each connection. Nothing is read from it before somebody begins to. */
export type OnConnection = (socket: Socket) => void;

/** Begins to listen. @param what the address, for errors. @throws {LibvirtError} SYSTEM_ERROR */
export async function listen(options: ListenOptions, what: string, onConnection: OnConnection): Promise<Listener> {
  // A client that closes its half of the connection may still get its answers.
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, onConnection);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(systemError("RPC", `Unable to listen at ${what}`, error)));
    listenPrivately(server, options);
    server.once("listening", resolve);
  });
  server.removeAllListeners("error");
  // Out of descriptors, say: who is connected stays so, and the next one may have more luck.
  server.on("error", (error) => process.emitWarning(`${what}: ${error.message}`, "TsvirtWarning"));
  return { close: () => closed(server) };
}

/** The path of a unix socket is bound in this very call: until its permissions are set, it is for nobody else. */
function listenPrivately(server: NetServer, options: ListenOptions): void {
  const before = process.umask(0o177);
  try {
    server.listen(options);
  } finally {
    process.umask(before);
  }
}

function closed(server: NetServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Nobody waits for the connections: they are the server's.
    resolve();
  });
}
