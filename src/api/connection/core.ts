/** A connection as such: whether it is open, what went wrong on it, what is told of it. */
import type { InspectOptions, inspect } from "node:util";
import type { Peer } from "../../driver/session.ts";
import { LibvirtError } from "../../errors.ts";
import { ConnectCloseReason } from "../../protocol/index.ts";
import { Caller } from "../core/caller.ts";
import { inspection } from "../core/inspection.ts";
import type { CallOptions, Link } from "../core/link.ts";
import { callSafely } from "../core/safely.ts";
import type { ErrorHandler } from "../errors/model.ts";
import type { ParametersInput } from "../values/parameters.ts";

/** Is told that the connection ended, and why: a value of `ConnectCloseReason`. */
export type CloseCallback = (reason: number) => void;

/** The innermost part of {@link Connection}. */
export abstract class ConnectionCore extends Caller {
  #alive = true;
  #closing: Promise<void> | null = null;
  #closeCallback: CloseCallback | null = null;

  /** @internal */
  constructor(link: Link) {
    super(link);
    link.events.onDisconnect((reason) => this.#ended(reason));
  }

  /**
   * Closes the connection: everything that waits for its events ends, its streams are aborted, and every later call
   * fails with INVALID_CONN (`virConnectClose`, since 0.0.3). Running domains go on. Closing again does nothing.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /**
   * Whether the connection is open and its other side was there when it was last heard of (`virConnectIsAlive`, since
   * 0.9.8).
   */
  async isAlive(_options?: CallOptions): Promise<boolean> {
    return this.#alive && (this.#peer?.isAlive ?? true);
  }

  /** Whether what goes over the connection is encrypted (`virConnectIsEncrypted`, since 0.7.3). */
  async isEncrypted(_options?: CallOptions): Promise<boolean> {
    this.#open("virConnectIsEncrypted");
    return this.#peer?.isEncrypted ?? false;
  }

  /**
   * Whether nobody else can read what goes over the connection: it is encrypted, or does not leave the host
   * (`virConnectIsSecure`, since 0.7.3).
   */
  async isSecure(options?: CallOptions): Promise<boolean> {
    return (await this.call("connectIsSecure", {}, options)).secure !== 0;
  }

  /**
   * Has the connection find out by itself that its other side is gone (`virConnectSetKeepAlive`, since 0.9.8); unless
   * told otherwise, a connection to a daemon asks every 5 seconds, and 5 times. Rejects with NO_SUPPORT where there is no
   * other side (a driver in this process), or one that does not know such questions.
   * @param interval how often to ask, in seconds; 0 never.
   * @param count after how many questions without an answer it is gone.
   */
  async setKeepAlive(interval: number, count: number, _options?: CallOptions): Promise<void> {
    this.#open("virConnectSetKeepAlive");
    for (const value of [interval, count]) {
      if (Number.isInteger(value) && value >= 0 && value <= 0x7fff_ffff) continue;
      const detail = "keepalive interval and count must be whole numbers from 0 on";
      throw this.link.report(new LibvirtError("INVALID_ARG", "DOMAIN", detail));
    }
    if (this.#peer?.setKeepAlive(interval, count)) return;
    throw this.link.report(new LibvirtError("NO_SUPPORT", "DOMAIN", "virConnectSetKeepAlive"));
  }

  /**
   * Calls a function when the connection ends; there is one at a time (`virConnectRegisterCloseCallback`, since
   * 0.10.0).
   */
  registerCloseCallback(callback: CloseCallback): void {
    this.#open("virConnectRegisterCloseCallback");
    if (this.#closeCallback) {
      const detail = "A close callback is already registered";
      throw this.link.report(new LibvirtError("OPERATION_UNSUPPORTED", "NONE", detail));
    }
    this.#closeCallback = callback;
    this.#peer?.watchClose(true);
  }

  /** Takes the close callback away (`virConnectUnregisterCloseCallback`, since 0.10.0). */
  unregisterCloseCallback(): void {
    this.#open("virConnectUnregisterCloseCallback");
    this.#closeCallback = null;
    this.#peer?.watchClose(false);
  }

  /**
   * Tells the driver who is behind the connection, by the names in `ConnectIdentity` (`virConnectSetIdentity`, since
   * 5.8.0).
   */
  setIdentity(params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("connectSetIdentity", { params, flags }, options);
  }

  /** The last error on this connection (`virConnGetLastError`, since 0.1.0). */
  getLastError(): LibvirtError | null {
    return this.link.errors.last;
  }

  /** Forgets the last error on this connection (`virConnResetLastError`, since 0.1.0). */
  resetLastError(): void {
    this.link.errors.reset();
  }

  /**
   * Sets who is told of this connection's errors, before the promise of the call that failed is rejected; null leaves it
   * to the global handler (`virConnSetErrorFunc`, since 0.1.0).
   */
  setErrorFunc(handler: ErrorHandler | null): void {
    this.link.errors.setHandler(handler);
  }

  [inspection](_depth: number, options: InspectOptions, show: typeof inspect): string {
    const { uri, readOnly } = this.link.router.session;
    return `${this.constructor.name} ${show({ uri: uri.text, readOnly }, options)}`;
  }

  get #peer(): Peer | null {
    return this.link.router.session.peer;
  }

  #open(cFunction: string): void {
    if (!this.#closing) return;
    throw this.link.report(new LibvirtError("INVALID_CONN", "NONE", `${cFunction}: the connection is closed`));
  }

  async #close(): Promise<void> {
    const closing = this.link.router.close();
    this.link.events.close();
    this.#ended(ConnectCloseReason.CLIENT);
    try {
      await closing;
    } catch (error) {
      throw this.link.report(error);
    }
  }

  #ended(reason: number): void {
    if (!this.#alive) return;
    this.#alive = false;
    const callback = this.#closeCallback;
    this.#closeCallback = null;
    if (callback) callSafely(() => callback(reason));
  }
}
