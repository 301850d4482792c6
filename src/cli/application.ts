/** The programs that share this shell. */
import type { Connection } from "../api/index.ts";
import type { CommandTable } from "./command-set.ts";
import { type ConnectionRequest, openConnection } from "./connect.ts";
import { shellTable } from "./table.ts";

/** Opens a connection; tests put their own in its place. */
export type Opener = (request: ConnectionRequest) => Promise<Connection>;

export interface Application {
  readonly name: string;
  /** What it is, for its welcome. */
  readonly title: string;
  readonly table: CommandTable;
  readonly open: Opener;
  /** What is said above the reason when no connection comes about. */
  readonly failure: string;
  /** The environment's variable that names the URI when no option does. */
  readonly uriVariable: string;
  /** Begins the names of the environment's variables for debug level and log file. */
  readonly environment: string;
  /** Outer options that it does not have, by their long names. */
  readonly without: readonly string[];
}

export const shellApplication: Application = {
  name: "tsvirt",
  title: "the shell for virtual machines",
  table: shellTable,
  open: openConnection,
  failure: "failed to connect to the hypervisor",
  uriVariable: "VIRSH_DEFAULT_CONNECT_URI",
  environment: "VIRSH",
  without: [],
};
