/** Guests' consoles and channels as streams: one user at a time for each. */
import type { Duplex } from "node:stream";
import { type ErrorDomainName, LibvirtError } from "../../errors.ts";
import { isHole, type StreamChunk, type StreamEnd } from "../../rpc/stream.ts";
import type { CallContext } from "../handler.ts";

/** The host's end of a port of a guest. */
export interface GuestPort {
  /** How it is called in errors. */
  readonly what: string;
  open(): Promise<Duplex>;
}

/** Who uses which port of which run; a terminal's name may come back with the next run. */
export class PortUsers {
  readonly #users = new Map<string, StreamEnd>();
  readonly #from: ErrorDomainName;

  constructor(from: ErrorDomainName) {
    this.#from = from;
  }

  /** Connects a stream with a port; another user is refused, or made to leave by force. */
  async connect(run: number, port: GuestPort, stream: StreamEnd, force: boolean, what: string): Promise<void> {
    const key = `${run} ${port.what}`;
    const user = this.#users.get(key);
    if (user && !force) {
      throw new LibvirtError("OPERATION_FAILED", this.#from, `Active ${what} session exists for this domain`);
    }
    user?.destroy(new LibvirtError("OPERATION_ABORTED", this.#from, `the ${what} was taken over by another session`));
    this.#users.set(key, stream);
    const forget = () => {
      if (this.#users.get(key) === stream) this.#users.delete(key);
    };
    try {
      join(stream, await port.open(), forget, this.#from);
    } catch (error) {
      forget();
      throw error;
    }
  }
}

/** Bytes go both ways until either side ends; then both have ended. */
function join(stream: StreamEnd, device: Duplex, ended: () => void, from: ErrorDomainName): void {
  stream.on("data", (chunk: StreamChunk) => {
    if (isHole(chunk)) stream.destroy(new LibvirtError("INVALID_STREAM", from, "a console takes no holes"));
    else if (!device.write(chunk)) stream.pause();
  });
  device.on("drain", () => stream.resume());
  device.on("data", (chunk: Buffer) => {
    if (!stream.write(chunk)) device.pause();
  });
  stream.on("drain", () => device.resume());
  device.on("error", () => device.destroy());
  device.on("close", () => stream.end());
  stream.on("end", () => {
    stream.end();
    device.destroy();
  });
  stream.on("close", () => {
    ended();
    device.destroy();
  });
  if (stream.destroyed) {
    ended();
    device.destroy();
  }
}

/** The stream of a call that opens one. @throws {LibvirtError} INVALID_STREAM when it has none */
export function streamOf({ stream }: CallContext, from: ErrorDomainName): StreamEnd {
  if (stream) return stream;
  throw new LibvirtError("INVALID_STREAM", from, "a stream is needed");
}
