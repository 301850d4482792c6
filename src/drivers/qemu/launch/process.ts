/** What concerns the emulator as a process: its name, environment, key, sandbox and log. */
import type { Guest } from "./context.ts";
import { keyedOption } from "./parts/keyed-option.ts";
import { object, option } from "./parts/make-part.ts";
import type { Part } from "./parts/part.ts";
import type { PlannedFile } from "./plan.ts";
import { masterKeyId } from "./secrets.ts";

export function nameParts({ domain, settings }: Guest): Part[] {
  const process = settings.setProcessName ? `qemu:${domain.name}` : undefined;
  return [keyedOption("-name", undefined, { guest: domain.name, process, "debug-threads": true })];
}

const compatibility = {
  none: undefined,
  omit: { "deprecated-output": "hide", "deprecated-input": "accept" },
  reject: { "deprecated-output": "hide", "deprecated-input": "reject" },
  crash: { "deprecated-output": "hide", "deprecated-input": "crash" },
} as const;

/** What becomes of our own deprecated use of the emulator, for those who want to find it. */
export function compatibilityParts({ domain, settings, capabilities }: Guest): Part[] {
  const behavior = compatibility[domain.qemuDeprecation?.behavior ?? settings.deprecationBehavior];
  if (behavior === undefined || !capabilities.has("compat-deprecated")) return [];
  return [option("-compat", JSON.stringify(behavior))];
}

/** The name of the file of the key that opens the domain's secrets, in the domain's own folder. */
export const masterKeyName = "master-key.aes";

const masterKeyPath = ({ folder }: Guest): string => `${folder}/${masterKeyName}`;

export function masterKeyParts(guest: Guest): Part[] {
  return [object("secret", masterKeyId, { format: "raw", file: masterKeyPath(guest) })];
}

export function masterKeyFile(guest: Guest): PlannedFile {
  return { path: masterKeyPath(guest), mode: 0o600, content: guest.masterKey };
}

/** Whatever a guest makes of its emulator, it starts no programs and gains no rights. */
export function sandboxParts({ capabilities, settings }: Guest): Part[] {
  if (!settings.seccompSandbox || !capabilities.has("seccomp-sandbox")) return [];
  return [
    keyedOption("-sandbox", "on", {
      obsolete: "deny",
      elevateprivileges: "deny",
      spawn: "deny",
      resourcecontrol: "deny",
    }),
  ];
}

export function logParts({ settings }: Guest): Part[] {
  return settings.logTimestamp ? [option("-msg", "timestamp=on")] : [];
}

export function incomingParts({ incoming }: Guest): Part[] {
  return incoming === undefined ? [] : [option("-incoming", incoming)];
}

/** What QEMU inherits of our own environment. */
const inherited = ["PATH", "HOME", "USER", "LOGNAME", "TMPDIR"];

export function environmentOf(guest: Guest): Record<string, string> {
  // Messages are read by programs.
  const env: Record<string, string> = { LC_ALL: "C" };
  for (const name of inherited) {
    const value = guest.environment[name];
    if (value !== undefined) env[name] = value;
  }
  if (guest.ownHome) Object.assign(env, homeIn(guest.folder));
  return env;
}

const homeIn = (folder: string) => ({
  HOME: folder,
  XDG_DATA_HOME: `${folder}/.local/share`,
  XDG_CACHE_HOME: `${folder}/.cache`,
  XDG_CONFIG_HOME: `${folder}/.config`,
});
