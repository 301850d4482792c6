/** Lines that go to another program, which writes down when they came and by how they begin how bad it is. */
import type { Writable } from "node:stream";
import type { LogLevel } from "./level.ts";
import { severityPrefix } from "./severity.ts";
import type { LogSink } from "./sink.ts";
import { Waiting } from "./waiting.ts";

export class StreamSink implements LogSink {
  readonly #stream: Writable;
  readonly #end: () => Promise<void>;
  readonly #waiting = new Waiting();

  /** @param end resolves when the other program has taken everything; the stream has been ended then */
  constructor(stream: Writable, end: () => Promise<void>) {
    this.#stream = stream;
    this.#end = end;
    // Who does not listen any more is told nothing, and the daemon goes on.
    stream.on("error", () => {}).on("drain", () => this.#flush());
  }

  write(level: LogLevel, line: string): void {
    this.#waiting.add(severityPrefix(level) + line);
    this.#flush();
  }

  async close(): Promise<void> {
    this.#stream.end(this.#waiting.take());
    await this.#end();
  }

  #flush(): void {
    if (this.#stream.writable && !this.#stream.writableNeedDrain) this.#stream.write(this.#waiting.take());
  }
}
