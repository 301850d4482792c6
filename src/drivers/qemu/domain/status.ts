/** What is kept on the disk of a running domain. */
import { formatUuid } from "../../../driver/object-list.ts";
import type { Status } from "../state/status.ts";
import type { QemuDomain } from "./domain.ts";
import type { LiveDomain } from "./live.ts";

/** A running domain's status. */
export function statusOf({ name, uuid }: QemuDomain, live: LiveDomain): Status {
  const { id, started, rebooting, process, emulator, folder, owners, savedSpent, writing, status } = live;
  const { state, reason } = status;
  const ref = { name, uuid: formatUuid(uuid) };
  const files = { folder, owners, savedSpent, writing, commanded: [...live.commanded] };
  const { definition, aliases: plugging } = live.plugging ?? { definition: live.definition, aliases: [] };
  return { id, ...ref, started, rebooting, process, emulator, ...files, plugging, definition, state, reason };
}
