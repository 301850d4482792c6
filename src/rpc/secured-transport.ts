/** A transport that goes through a SASL security layer from some message on. */
import { LibvirtError } from "../errors.ts";
import { MessageBoundary } from "./message-boundary.ts";
import { LayerReader, type SecurityLayer, sealAll } from "./sasl/layer.ts";
import type { Transport, TransportHandlers } from "./transport.ts";

/** Passes everything on as it is, until it is given a layer. */
export class SecuredTransport implements Transport {
  readonly canPassDescriptors = false;
  readonly #inner: Transport;
  #layer: SecurityLayer | null = null;
  #reader: LayerReader | null = null;
  /** The layer that what is sent after the next reply goes through. */
  #coming: SecurityLayer | null = null;
  /** Of what comes in clear, when the other side must not be ahead of the answers that it gets. */
  readonly #boundary: MessageBoundary | null;
  #owesAnswer = false;

  /**
   * @param lockstep whether the other side must wait for each answer until the layer is there: a server's end, where
   *   nobody on the way may slip calls in that would be answered once the client has logged in
   */
  constructor(inner: Transport, { lockstep = false } = {}) {
    this.#inner = inner;
    this.#boundary = lockstep ? new MessageBoundary() : null;
  }

  /**
   * All bytes from now on are sealed, and what comes from now on must be: to be called when the other side has nothing
   * under way.
   */
  secure(layer: SecurityLayer): void {
    this.#layer = layer;
    this.#reader = new LayerReader(layer);
  }

  /** As `secure`, but the next bytes that are sent, the reply to the last call, still go out as they are. */
  secureAfterReply(layer: SecurityLayer): void {
    this.#reader = new LayerReader(layer);
    this.#coming = layer;
  }

  get pending(): number {
    return this.#inner.pending;
  }

  start(handlers: TransportHandlers): void {
    this.#inner.start({
      data: (chunk) => this.#open(chunk, handlers),
      drain: () => handlers.drain(),
      end: (error) => handlers.end(error),
    });
  }

  send(bytes: Uint8Array): boolean {
    this.#owesAnswer = false;
    const layer = this.#layer;
    if (this.#coming !== null) this.#layer = this.#coming;
    this.#coming = null;
    return this.#inner.send(layer === null ? bytes : sealAll(layer, bytes));
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  close(error?: Error): void {
    this.#inner.close(error);
  }

  #open(chunk: Uint8Array, handlers: TransportHandlers): void {
    if (this.#reader === null) {
      if (this.#isAhead(chunk))
        this.#inner.close(new LibvirtError("RPC", "RPC", "the client does not wait for answers"));
      else handlers.data(chunk);
      return;
    }
    let opened: Uint8Array[];
    try {
      opened = this.#reader.push(chunk);
    } catch (cause) {
      this.#inner.close(new LibvirtError("INTERNAL_ERROR", "RPC", "the security layer is broken", { cause }));
      return;
    }
    for (const plain of opened) handlers.data(plain);
  }

  /** Whether more than one message has come since the last answer. */
  #isAhead(chunk: Uint8Array): boolean {
    const boundary = this.#boundary;
    if (boundary === null) return false;
    if (this.#owesAnswer) return true;
    const before = boundary.completed;
    boundary.pass(chunk);
    const count = boundary.completed - before;
    if (count > 0) this.#owesAnswer = true;
    return count > 1 || (count === 1 && !boundary.isBetween);
  }
}
