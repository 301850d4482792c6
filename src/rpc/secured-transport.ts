/** A transport that goes through a SASL security layer from some message on. */
import { LibvirtError } from "../errors.ts";
import { LayerReader, type SecurityLayer, sealAll } from "./sasl/index.ts";
import type { Transport, TransportHandlers } from "./transport.ts";

/** Passes everything on as it is, until it is given a layer. */
export class SecuredTransport implements Transport {
  readonly canPassDescriptors = false;
  readonly #inner: Transport;
  #layer: SecurityLayer | null = null;
  #reader: LayerReader | null = null;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  /**
   * All bytes from now on are sealed, and what comes from now on must be: to be called when the other side has nothing
   * under way.
   */
  secure(layer: SecurityLayer): void {
    this.#layer = layer;
    this.#reader = new LayerReader(layer);
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
    return this.#inner.send(this.#layer === null ? bytes : sealAll(this.#layer, bytes));
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
      handlers.data(chunk);
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
}
