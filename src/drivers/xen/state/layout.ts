/** Where the Xen driver keeps what: every path below a state root. `docs/files.md` lists them for people. */
import { join } from "node:path";

export interface Layout {
  /** All that is this driver's own. */
  readonly base: string;
  /** Definitions of persistent domains, and which of them start by themselves. */
  readonly definitions: string;
  /** The domains that this driver started and that run, as they run, with their numbers. */
  readonly status: string;
  /** Managed save images. */
  readonly saves: string;
  /** Cores of guests that crashed. */
  readonly dumps: string;
  /** Which domains have run since the host came up. */
  readonly starts: string;
  /** What the tool stack is given, while it reads it. */
  readonly configs: string;
}

export function layoutOf(root: string): Layout {
  const base = join(root, "xen");
  return {
    base,
    definitions: join(base, "definitions"),
    status: join(base, "status"),
    saves: join(base, "save"),
    dumps: join(base, "dump"),
    starts: join(base, "started"),
    configs: join(base, "run"),
  };
}
