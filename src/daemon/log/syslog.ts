/** The system's log, through the program `logger`: Node.js has no datagram sockets of the unix kind. */
import { spawn } from "node:child_process";
import { systemError } from "../../errors.ts";
import type { LogSink } from "./sink.ts";
import { StreamSink } from "./stream-sink.ts";

/** @param name what lines are marked with */
export function openSyslog(name: string): Promise<LogSink> {
  const args = ["--prio-prefix", "--priority", "daemon.notice", `--id=${process.pid}`, "--tag", name];
  const child = spawn("logger", args, { stdio: ["pipe", "ignore", "ignore"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(systemError("NONE", "syslog is reached by the program 'logger'", error)));
    child.once("spawn", () => {
      child.on("error", () => {}).unref();
      const end = (): Promise<void> => {
        child.ref();
        return ended;
      };
      resolve(new StreamSink(child.stdin, end));
    });
  });
}
