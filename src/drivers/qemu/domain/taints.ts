/** What a running guest was given or told that nobody can answer for (libvirt's taints). */

import type { Identity } from "../../../host/users.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import type { LiveDomain, PassedCommand } from "./live.ts";

/** Notes that a command was passed on as it is; `changed` is called for the first of its kind. */
export function noteCommand(live: LiveDomain, command: PassedCommand, changed: () => void): void {
  if (live.commanded.has(command)) return;
  live.commanded.add(command);
  changed();
}

function isByHand({ qemuCommandline, qemuOverride }: Definition): boolean {
  return qemuCommandline !== undefined || qemuOverride !== undefined;
}

/** In libvirt's words and order. @param identity whom guests run as; null: as we do */
export function taintsOf({ definition, commanded }: LiveDomain, identity: Identity | null): string[] {
  const uid = identity?.uid ?? process.geteuid?.() ?? -1;
  const taints: readonly (readonly [boolean, string])[] = [
    [isByHand(definition), "custom configuration parameters specified"],
    [commanded.has("monitor"), "custom monitor control commands issued"],
    [uid === 0, "running with undesirable elevated privileges"],
    [definition.cpu?.mode === "host-passthrough", "potentially unsafe use of host CPU passthrough"],
    [commanded.has("agent"), "custom guest agent control commands issued"],
  ];
  return taints.flatMap(([given, words]) => (given ? [words] : []));
}
