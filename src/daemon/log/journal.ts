/** systemd's journal, at the stream socket where it takes the output of services, as `systemd-cat` reaches it. */
import { once } from "node:events";
import { connect } from "node:net";
import { systemError } from "../../errors.ts";
import type { LogSink } from "./sink.ts";
import { StreamSink } from "./stream-sink.ts";

const socketPath = "/run/systemd/journal/stdout";

/** What lines are marked with. */
const identifier = "tsvirtd";

/**
 * What a sender says first, a line each: the mark, its unit (the journal knows better), the severity of lines that do not
 * say theirs, that lines begin with it, and that nothing is to be passed on to syslog, the kernel, a console.
 */
const greeting = [identifier, "", 6, 1, 0, 0, 0, ""].join("\n");

/** @throws {LibvirtError} SYSTEM_ERROR where there is no journal */
export async function openJournal(): Promise<LogSink> {
  const socket = connect(socketPath);
  try {
    await once(socket, "connect");
  } catch (error) {
    throw systemError("NONE", `cannot connect to the journal at '${socketPath}'`, error);
  }
  socket.unref().write(greeting);
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const end = (): Promise<void> => {
    // The journal never says anything, and does not close its side by itself at once.
    socket.once("finish", () => socket.destroy());
    return ended;
  };
  return new StreamSink(socket, end);
}
