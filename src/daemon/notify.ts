/** Telling systemd how far the daemon is (sd_notify), by its own program: Node.js has no datagram sockets. */
import { runProgram } from "../host/program.ts";
import { errorText, type Logger } from "./log/log.ts";

export type Notifier = (state: "ready" | "stopping") => Promise<void>;

/** Tells the service manager, if there is one. Takes its address out of the environment: it is for nobody else. */
export function notifier(log: Logger, env: NodeJS.ProcessEnv = process.env): Notifier {
  const { NOTIFY_SOCKET } = env;
  delete env.NOTIFY_SOCKET;
  if (NOTIFY_SOCKET === undefined) return async () => {};
  return async (state) => {
    // A daemon that cannot say that it is ready still serves.
    await runProgram("systemd-notify", [`--pid=${process.pid}`, `${state.toUpperCase()}=1`], {
      domain: "RPC",
      env: { ...process.env, NOTIFY_SOCKET },
    }).catch((error) => log.warning(`the service manager was not told: ${errorText(error)}`));
  };
}
