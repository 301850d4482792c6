/** Sockets that connect: to a path, or to a host and port. */
import { connect, type Socket } from "node:net";
import { LibvirtError, systemError, systemReason } from "../../../errors.ts";

/** Connects to a Unix socket. @throws {LibvirtError} SYSTEM_ERROR of the RPC domain */
export async function connectUnix(path: string, signal?: AbortSignal): Promise<Socket> {
  try {
    return await connected(connect({ path }), signal);
  } catch (error) {
    // Node refuses a path that is too long before the system does.
    throw systemError("RPC", `Failed to connect socket to '${path}'`, error);
  }
}

/** Connects to a port. @throws {LibvirtError} SYSTEM_ERROR of the RPC domain */
export async function connectTcp(host: string, port: number, signal?: AbortSignal): Promise<Socket> {
  try {
    const socket = await connected(connect({ host, port, autoSelectFamily: true }), signal);
    socket.setNoDelay(true);
    return socket;
  } catch (error) {
    throw tcpError(host, port, error);
  }
}

function tcpError(host: string, port: number, error: unknown): LibvirtError {
  // All addresses of the host were tried; the last one's failure stands for them.
  const cause = error instanceof AggregateError ? (error.errors.at(-1) ?? error) : error;
  const { code, syscall } = cause as NodeJS.ErrnoException;
  if (syscall === "getaddrinfo") {
    const reason = code === "ENOTFOUND" ? "Name or service not known" : systemReason(cause);
    return new LibvirtError("SYSTEM_ERROR", "RPC", `Unable to resolve address '${host}' service '${port}': ${reason}`, {
      cause,
    });
  }
  return systemError("RPC", `unable to connect to server at '${host}:${port}'`, cause);
}

/** Waits until a socket is connected; one that is given up is closed. */
export function connected(socket: Socket, signal?: AbortSignal, event = "connect"): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      socket.off(event, onConnect);
      socket.off("error", onError);
      socket.off("close", onClose);
      signal?.removeEventListener("abort", onAbort);
    };
    const onConnect = () => {
      settle();
      resolve(socket);
    };
    const onError = (error: Error) => {
      settle();
      socket.destroy();
      reject(error);
    };
    const onClose = () => onError(Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" }));
    const onAbort = () => onError(signal?.reason as Error);
    socket.once(event, onConnect);
    socket.once("error", onError);
    socket.once("close", onClose);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
  });
}
