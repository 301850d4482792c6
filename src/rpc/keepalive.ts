/** Signs of life: finds out that the other side is gone although the connection does not say so. */
import { KeepaliveProcedure, keepaliveProgram, MessageStatus, MessageType } from "../protocol/index.ts";
import type { Outbox, Subject } from "./outbox.ts";

const ping: Subject = { program: keepaliveProgram, number: KeepaliveProcedure.PING };
const pong: Subject = { program: keepaliveProgram, number: KeepaliveProcedure.PONG };

/** How often a side that does not read tells the other that it is there, in milliseconds. */
const signInterval = 2_000;

/**
 * One side's watch over the other. After `interval` seconds without any message from there a ping goes out; when
 * `count` pings in a row got no message back, the other side is taken for gone after one more interval.
 */
export class Keepalive {
  readonly #outbox: Outbox;
  readonly #dead: () => void;
  #interval = 0;
  #count = 0;
  #left = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Whether the other side may be watching us. */
  #watched = false;
  #isDeaf = false;
  #signs: NodeJS.Timeout | undefined;

  /** @param dead called when the other side does not answer any more */
  constructor(outbox: Outbox, dead: () => void) {
    this.#outbox = outbox;
    this.#dead = dead;
  }

  /** Begins to watch, or watches otherwise. `interval` in seconds; 0 or less: no watching. */
  start(interval: number, count: number): void {
    this.stop();
    // Who watches is watched: both ends begin when the client asks for it.
    this.#watched = true;
    if (interval <= 0) return;
    this.#interval = interval * 1000;
    this.#count = count;
    this.#left = count;
    this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    clearInterval(this.#signs);
    this.#signs = undefined;
  }

  /**
   * Nothing is read for now, for reasons of this side's own: its silence says nothing about the other side. The other
   * side's questions stay unread, so it gets answers of its own accord.
   */
  deaf(isDeaf: boolean): void {
    this.#isDeaf = isDeaf;
    if (isDeaf) this.#signs ??= setInterval(() => this.#isDeaf && this.#answer(), signInterval).unref();
    else this.heard();
  }

  /** Any message has come. */
  heard(): void {
    if (this.#timer === undefined) return;
    this.#left = this.#count;
    this.#timer.refresh();
  }

  /** A message of the keepalive program has come. */
  receive(procedure: number): void {
    if (procedure !== KeepaliveProcedure.PING) return;
    this.#watched = true;
    this.#answer();
  }

  #answer(): void {
    if (!this.#watched) return;
    this.#outbox.write(pong, MessageType.MESSAGE, MessageStatus.OK, 0);
    this.#outbox.schedule();
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#elapsed(), this.#interval);
    this.#timer.unref();
  }

  #elapsed(): void {
    if (this.#isDeaf) {
      this.#wait();
      return;
    }
    if (this.#left === 0) {
      this.stop();
      this.#dead();
      return;
    }
    this.#left--;
    this.#outbox.write(ping, MessageType.MESSAGE, MessageStatus.OK, 0);
    this.#outbox.schedule();
    this.#wait();
  }
}
