/** What writes lines of the log somewhere. Writing never waits; what cannot be written in time is counted, not kept. */
import type { LogLevel } from "./level.ts";

export interface LogSink {
  /**
   * @param line one line, without its end
   * @param time when that was; for those who do not note it themselves
   */
  write(level: LogLevel, line: string, time: string): void;
  /** Writes what waits, and gives the place back. */
  close(): Promise<void>;
}
