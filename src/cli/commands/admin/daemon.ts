/** A daemon as a whole. */
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { text, uint } from "../../option.ts";
import { LIBRARY, versionText } from "../../shared/versions.ts";
import { adminOf } from "./connection.ts";

export const uri = command({
  name: "uri",
  summary: "the connection's URI",
  query: async (context) => ({ uri: await adminOf(context).uri() }),
  print: (answer) => `${answer.uri}\n`,
});

export const version = command({
  name: "version",
  summary: "versions of library and daemon",
  async query(context) {
    const daemon = await attempt("failed to get the daemon version", adminOf(context).libVersion());
    return { library: versionText(LIBRARY), daemon: versionText(daemon) };
  },
  print: ({ library, daemon }) =>
    `Compiled against library: libvirt ${library}\n` +
    `Using library: libvirt ${library}\n` +
    `Running against daemon: ${daemon}\n`,
});

export const connect = command({
  name: "connect",
  summary: "connect (anew) to a daemon",
  description:
    "Opens a connection in place of the present one.\nWhen a session starts, it does so by itself at the first need.",
  options: {
    name: text("URI of the daemon's admin socket", { named: true, empty: true }),
  },
  offline: true,
  async run({ options, shell, notice }) {
    const again = shell.connected;
    await shell.reconnect(options.name, false, `Failed to ${again ? "reconnect" : "connect"} to the admin server`);
    notice(`${again ? "Reconnected" : "Connected"} to the admin server\n`);
  },
});

export const daemonTimeout = command({
  name: "daemon-timeout",
  summary: "when a daemon that nobody uses ends",
  description: "Sets after how many seconds without clients the daemon ends.",
  options: {
    timeout: uint("seconds, 0 for never", { required: true, named: true }),
  },
  async run(context) {
    await attempt("Unable to change daemon timeout", adminOf(context).setDaemonTimeout(context.options.timeout));
  },
});
