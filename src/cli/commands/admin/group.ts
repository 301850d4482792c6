/** The commands of tsvirt-admin, and which file has each. */
import { CommandTable } from "../../command-set.ts";
import { group } from "../../group.ts";

const session = () => import("../virsh/session.ts");
const daemon = () => import("./daemon.ts");
const server = () => import("./server.ts");
const client = () => import("./client.ts");
const log = () => import("./log.ts");

const itself = group("virt-admin", "Tsvirt-admin itself", {
  cd: session,
  echo: () => import("../virsh/echo.ts"),
  exit: session,
  help: () => import("../virsh/help.ts"),
  pwd: session,
  quit: session,
  uri: daemon,
  version: daemon,
  connect: daemon,
});

const monitor = group("monitor", "Monitoring commands", {
  "server-list": server,
  "server-threadpool-info": server,
  "client-list": client,
  "client-info": client,
  "server-clients-info": server,
});

const management = group("management", "Management commands", {
  "server-threadpool-set": server,
  "client-disconnect": client,
  "server-clients-set": server,
  "server-update-tls": server,
  "daemon-log-filters": log,
  "daemon-log-outputs": log,
  "daemon-timeout": daemon,
});

export const adminTable = new CommandTable({
  groups: [itself, monitor, management],
  hidden: group("", "", {
    complete: () => import("../virsh/complete.ts"),
    "self-test": () => import("../virsh/self-test.ts"),
  }),
  aliases: {
    "srv-list": "server-list",
    "srv-threadpool-info": "server-threadpool-info",
    "srv-clients-info": "server-clients-info",
    "srv-threadpool-set": "server-threadpool-set",
    "srv-clients-set": "server-clients-set",
    "srv-update-tls": "server-update-tls",
  },
});
