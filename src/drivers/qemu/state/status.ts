/**
 * Status of running domains: all that is needed to take a guest over again.
 *
 * It means nothing once the host has gone down, for the guest went with it, except for one thing: whose the images were
 * before the guest got them. So a status is on the disk before an image changes hands, and not waited for otherwise.
 */

import type { StateWithReason } from "../../../driver/domain/kept/domain.ts";
import type { ProcessId } from "../../../host/proc.ts";
import type { StatusKind } from "../../../host/status-folder.ts";
import { type Domain as Definition, domainDocument } from "../../../model/domain/index.ts";
import { parseJson, stringifyJson } from "../monitor/json.ts";
import { array, boolean, fields, int, int64, nullable, type Of, optional, string } from "../monitor/shape.ts";

/** To be raised when a status of today cannot be understood tomorrow. */
const format = 1;

const statusShape = fields({
  format: int,
  id: int,
  name: string,
  uuid: string,
  /** Whether the start has come to its end: a guest that nobody was told of is not kept. */
  started: boolean,
  state: int,
  reason: int,
  /** Whether a guest that shuts down now is meant to come up again. */
  rebooting: boolean,
  /** Null before QEMU runs. */
  process: nullable(fields({ pid: int, startTime: int64 })),
  emulator: string,
  folder: string,
  /** Files that QEMU got for its run, with their owners of before. */
  owners: array(fields({ path: string, uid: int, gid: int })),
  /** Whether the run came from the domain's managed save, which is to go as soon as the run is known. */
  savedSpent: boolean,
  /** A file that is half written on the guest's behalf, such as a save; it goes when nobody writes it any more. */
  writing: nullable(string),
  /** Devices of the definition that QEMU was just being given, by alias; those of before have none. */
  plugging: optional(array(string)),
  /** Which kinds of command were passed on as they were; not in a status from before they were noted. */
  commanded: optional(array(string)),
  definition: string,
});

/** Whose a file was before a guest got it. */
export interface FormerOwner {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Status extends StateWithReason {
  readonly id: number;
  readonly name: string;
  readonly uuid: string;
  readonly started: boolean;
  readonly rebooting: boolean;
  readonly process: ProcessId | null;
  readonly emulator: string;
  readonly folder: string;
  readonly owners: readonly FormerOwner[];
  readonly savedSpent: boolean;
  readonly writing: string | null;
  readonly plugging: readonly string[];
  readonly commanded: readonly string[];
  readonly definition: Definition;
}

/** How the status of a domain is kept. */
export const domainStatus: StatusKind<Status> = {
  domain: "QEMU",
  nameOf: ({ name }) => name,
  format: formatStatus,
  parse: parseStatus,
};

function formatStatus({ definition, ...rest }: Status): string {
  const { process } = rest;
  const text = domainDocument.format(definition, { secure: true, status: true });
  return `${stringifyJson({
    format,
    ...rest,
    process: process && { pid: process.pid, startTime: process.startTime },
    owners: rest.owners.map((owner) => ({ ...owner })),
    plugging: [...rest.plugging],
    commanded: [...rest.commanded],
    definition: text,
  })}\n`;
}

/** Null for a text that is not whole. */
function parseStatus(text: string): Status | null {
  let status: Of<typeof statusShape>;
  try {
    status = statusShape(parseJson(text), "");
  } catch {
    return null;
  }
  if (status.format !== format) return null;
  const { format: _, ...rest } = status;
  const definition = domainDocument.parse(status.definition, { status: true }) as Definition;
  const { plugging = [], commanded = [] } = rest;
  return { ...rest, plugging, commanded, state: status.state as Status["state"], definition };
}
