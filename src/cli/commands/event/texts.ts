/** Events of domains in virsh's words. */
import type { EventOf, EventType } from "../../../api/index.ts";
import { DomainMemoryFailureFlags } from "../../../protocol/constants/index.ts";
import type { EventText, EventTexts } from "../../shared/events.ts";

/** Any of the events of this table; each entry gets its own. */
type Described = { readonly domain: { name(): string } };

/**
 * One event: what follows after the name of the domain.
 * @param link how that is joined to it
 */
function told<Type extends EventType>(
  type: Type,
  details: (event: EventOf<Type>) => string = () => "",
): readonly [Type, (event: never) => string] {
  return [type, details as (event: never) => string];
}

/** Details of life cycle events that are not the API's word with a capital letter. */
const lifecycleWords: Readonly<Record<string, string>> = {
  pmsuspended: "PMSuspended",
  "from-snapshot": "Snapshot",
  wakeup: "Event wakeup",
  ioerror: "I/O Error",
  "api-error": "API error",
  postcopy: "Post-copy",
  "postcopy-failed": "Post-copy Error",
};

const shutdownWords: Readonly<Record<string, string>> = {
  finished: "Finished",
  guest: "Finished after guest request",
  host: "Finished after host request",
};

function capital(word: string): string {
  return lifecycleWords[word] ?? word.charAt(0).toUpperCase() + word.slice(1);
}

const jobs: Readonly<Record<string, string>> = {
  unknown: "Unknown job",
  pull: "Block Pull",
  copy: "Block Copy",
  commit: "Block Commit",
  "active-commit": "Active Block Commit",
  backup: "Backup",
};

const families: Readonly<Record<string, string>> = { ipv4: "IPv4", ipv6: "IPv6", unix: "unix" };

const watchdogActions: Readonly<Record<string, string>> = { injectnmi: "inject-nmi" };

const agentReasons: Readonly<Record<string, string>> = {
  "domain-started": "domain started",
  channel: "channel event",
};

const diskReasons: Readonly<Record<string, string>> = {
  "change-missing-on-start": "changed",
  "drop-missing-on-start": "dropped",
};

const trayReasons: Readonly<Record<string, string>> = { open: "opened", close: "closed" };

interface End {
  readonly family: string;
  readonly node: string;
  readonly service: string;
}

const end = ({ family, node, service }: End) => `[${families[family] ?? family} ${node} ${service}]`;

const parameters = (params: Readonly<Record<string, unknown>>) =>
  Object.entries(params)
    .map(([name, value]) => `\n\t${name}: ${value}`)
    .join("");

/** In virsh's order. */
const table = {
  lifecycle: told("lifecycle", ({ event, detail }) => {
    const how = event === "shutdown" ? (shutdownWords[detail] ?? detail) : capital(detail);
    return `: ${capital(event)} ${how}`;
  }),
  reboot: told("reboot"),
  "rtc-change": told("rtcChange", ({ offset }) => `: ${offset}`),
  watchdog: told("watchdog", ({ action }) => `: ${watchdogActions[action] ?? action}`),
  "io-error": told("ioError", ({ srcPath, devAlias, action }) => `: ${srcPath} (${devAlias}) ${action}`),
  graphics: told("graphics", ({ phase, local, remote, authScheme, subject }) => {
    const who = subject.map(({ type, name }) => `\n\tsubject: ${type}=${name}`).join("");
    return `: ${phase} local${end(local)} remote${end(remote)} ${authScheme}${who}`;
  }),
  "io-error-reason": told(
    "ioErrorReason",
    ({ srcPath, devAlias, action, reason }) => `: ${srcPath} (${devAlias}) ${action} due to ${reason}`,
  ),
  "control-error": told("controlError"),
  "block-job": told("blockJob", ({ job, path, status }) => `: ${jobs[job] ?? job} for ${path} ${status}`),
  "disk-change": told(
    "diskChange",
    ({ devAlias, oldSrcPath, newSrcPath, reason }) =>
      ` disk ${devAlias}: ${oldSrcPath ?? ""} -> ${newSrcPath ?? ""}: ${diskReasons[reason] ?? reason}`,
  ),
  "tray-change": told("trayChange", ({ devAlias, reason }) => ` disk ${devAlias}: ${trayReasons[reason] ?? reason}`),
  "pm-wakeup": told("pmWakeup"),
  "pm-suspend": told("pmSuspend"),
  "balloon-change": told("balloonChange", ({ actual }) => `: ${actual}KiB`),
  "pm-suspend-disk": told("pmSuspendDisk"),
  "device-removed": told("deviceRemoved", ({ devAlias }) => `: ${devAlias}`),
  "block-job-2": told("blockJob2", ({ job, dst, status }) => `: ${jobs[job] ?? job} for ${dst} ${status}`),
  tunable: told("tunable", ({ params }) => `:${parameters(params)}`),
  "agent-lifecycle": told(
    "agentLifecycle",
    ({ state, reason }) => `: state: '${state}' reason: '${agentReasons[reason] ?? reason}'`,
  ),
  "device-added": told("deviceAdded", ({ devAlias }) => `: ${devAlias}`),
  "migration-iteration": told("migrationIteration", ({ iteration }) => `: iteration: '${iteration}'`),
  "job-completed": told("jobCompleted", ({ params }) => `:${parameters(params)}`),
  "device-removal-failed": told("deviceRemovalFailed", ({ devAlias }) => `: ${devAlias}`),
  "metadata-change": told("metadataChange", ({ metadata, nsuri }) => `: type ${metadata}, uri ${nsuri ?? "n/a"}`),
  "block-threshold": told(
    "blockThreshold",
    ({ dev, path, threshold, excess }) => `: dev: ${dev}(${path ?? ""}) ${threshold} ${excess}`,
  ),
  "memory-failure": told("memoryFailure", ({ recipient, action, flags }) => {
    const required = (flags & DomainMemoryFailureFlags.ACTION_REQUIRED) !== 0 ? 1 : 0;
    const recursive = (flags & DomainMemoryFailureFlags.RECURSIVE) !== 0 ? 1 : 0;
    return `:\nrecipient: ${recipient}\naction: ${action}\nflags:\n\taction required: ${required}\n\trecursive: ${recursive}`;
  }),
  "memory-device-size-change": told("memoryDeviceSizeChange", ({ alias, size }) => `:\nalias: ${alias}\nsize: ${size}`),
} as const;

/** Each event of a domain, by virsh's name for it. */
export const domainEventTexts: EventTexts<never> = Object.fromEntries(
  Object.entries(table).map(([name, [type, details]]): [string, EventText<never>] => [
    name,
    { type, text: (event) => `event '${name}' for domain '${(event as Described).domain.name()}'${details(event)}` },
  ]),
);
