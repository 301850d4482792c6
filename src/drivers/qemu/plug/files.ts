/** Files that a device uses, which a running guest gets with it and gives back with it. */
import type { Domain as Definition } from "../../../model/domain/index.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { LiveDomain } from "../domain/live.ts";
import { statusOf } from "../domain/status.ts";
import type { QemuHost } from "../host.ts";
import { makeOutputFiles, neededFiles } from "../run/files/files.ts";
import { keepsOwners } from "../unavailable/labels.ts";

/**
 * Gives QEMU the files of new devices that it cannot use as they are; whose they were is on the disk before.
 * @param only a definition that has the new devices alone.
 */
export async function giveFiles(host: QemuHost, domain: QemuDomain, live: LiveDomain, only: Definition): Promise<void> {
  const { ownership, settings, statuses } = host;
  const { identity, dynamicOwnership } = settings;
  await makeOutputFiles(only);
  const files = neededFiles(only);
  const change = dynamicOwnership && !keepsOwners(live.definition);
  await ownership.alone(files, async () => {
    const owners = await ownership.survey(files, identity, change);
    if (owners.length === 0 || identity === null) return;
    live.owners = [...live.owners, ...owners];
    await statuses.writeDurably(statusOf(domain, live));
    await ownership.take(owners, files, identity);
  });
}

/** Gives the files back of devices that have gone. */
export async function takeFilesBack(host: QemuHost, live: LiveDomain, only: Definition): Promise<void> {
  const left = [...live.owners];
  const back = neededFiles(only).flatMap(({ path }) => {
    const at = left.findIndex((owner) => owner.path === path);
    return at < 0 ? [] : left.splice(at, 1);
  });
  live.owners = left;
  await host.ownership.giveBack(back);
}
