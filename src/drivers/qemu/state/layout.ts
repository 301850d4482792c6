/** Where the QEMU driver keeps what: every path below a state root. `docs/files.md` lists them for people. */
import { join } from "node:path";

export interface Layout {
  /** The folder that has one owner at a time. */
  readonly root: string;
  /** All that is this driver's own. */
  readonly base: string;
  /** Definitions of persistent domains, and which of them start by themselves. */
  readonly definitions: string;
  /** Status of running domains: all that is needed to take them over again. */
  readonly status: string;
  /** What probing the emulators found. */
  readonly capabilities: string;
  /** Managed save images. */
  readonly saves: string;
  /** What each domain's QEMU printed. */
  readonly logs: string;
  /** Cores of guests that crashed. */
  readonly dumps: string;
  /** Files that back guests' memory. */
  readonly memory: string;
  /** Which domains have run since the host came up. */
  readonly starts: string;
  /** Folders of running domains. */
  readonly runs: string;
  /** The state of a domain's emulated TPM, by UUID. */
  tpmFolder(uuid: string): string;
  /** Firmware variables. */
  readonly nvram: string;
  /** Snapshots' documents, a folder each domain. */
  readonly snapshots: string;
  /** Sockets of guest agents and other channels that have no path of their own. */
  readonly channels: string;
  /** A running domain's own folder: monitor socket, secrets. Its name is unique for each run. */
  domainFolder(id: number, name: string): string;
  /** A running domain's own folder for sockets of channels. */
  channelFolder(id: number, name: string): string;
}

/** How much of a domain's name goes into its folder's name, in bytes: paths of sockets are short. */
const maxNameInPath = 20;

export function layoutOf(root: string): Layout {
  const base = join(root, "qemu");
  return {
    root,
    base,
    definitions: join(base, "definitions"),
    status: join(base, "status"),
    capabilities: join(base, "capabilities"),
    saves: join(base, "save"),
    logs: join(base, "log"),
    dumps: join(base, "dump"),
    memory: join(base, "ram"),
    starts: join(base, "started"),
    runs: join(base, "run"),
    nvram: join(base, "nvram"),
    snapshots: join(base, "snapshot"),
    channels: join(base, "channel"),
    tpmFolder: (uuid) => join(base, "swtpm", uuid),
    domainFolder: (id, name) => join(base, "run", `domain-${id}-${shortName(name)}`),
    channelFolder: (id, name) => join(base, "channel", `domain-${id}-${shortName(name)}`),
  };
}

/** A name's beginning as part of a path: whole characters, nothing that a path or a socket address minds. */
function shortName(name: string): string {
  const safe = name.replace(/[^\p{L}\p{N}_.-]/gu, "_");
  let short = "";
  for (const character of safe) {
    if (Buffer.byteLength(short + character) > maxNameInPath) break;
    short += character;
  }
  return short;
}
