/** Settings of the domain as a whole. */
import type { Domain } from "../domain.ts";
import { broken, malformed, refuse, unsupported } from "../refuse.ts";
import type { Sysinfo } from "../sysinfo.ts";

export function validateSettings(domain: Domain): void {
  for (const sysinfo of domain.sysinfos) validateSysinfo(sysinfo, domain.uuid);
  validateIdmap(domain);
  validateAppid(domain);
  for (const event of ["on_poweroff", "on_reboot"] as const) validateLifecycle(event, domain[event]);
  refuseTwice(
    domain.perf?.events.map(({ name }) => name),
    (name) => malformed(`perf event '${name}' was already specified`),
  );
  refuseTwice(
    domain.keywrap?.ciphers.map(({ name }) => name),
    (name) => broken(`A domain definition can have no more than one cipher node with name ${name}`),
  );
}

const longestAppid = 128;

function validateAppid({ resource }: Domain): void {
  const appid = resource?.fibrechannel;
  if (appid === undefined) return;
  if (!/^[ -~]*$/.test(appid)) malformed("Fibre Channel 'appid' is not a printable string");
  if (appid.length < 1 || appid.length > longestAppid) {
    refuse("INVALID_ARG", `Fibre Channel 'appid' string length must be between [1, ${longestAppid}]`);
  }
}

function refuseTwice(names: readonly string[] | undefined, refuseName: (name: string) => never): void {
  const seen = new Set<string>();
  for (const name of names ?? []) {
    if (seen.has(name)) refuseName(name);
    seen.add(name);
  }
}

function validateLifecycle(event: "on_poweroff" | "on_reboot", action: string): void {
  if (action.startsWith("coredump-")) {
    unsupported(`Lifecycle event '${event.slice(3)}' doesn't support '${action}' action`);
  }
}

function validateIdmap({ idmap }: Domain): void {
  if (idmap === undefined) return;
  const { uids, gids } = idmap;
  if (uids.length === 0 && gids.length === 0) return;
  if (uids.length === 0 || gids.length === 0) unsupported("uid and gid should be mapped both");
  if (!uids.some(({ start }) => start === 0) || !gids.some(({ start }) => start === 0)) {
    unsupported("You must map the root user of container");
  }
}

function validateSysinfo(sysinfo: Sysinfo, uuid: string): void {
  if (sysinfo.type === "fwcfg") {
    for (const { file, value } of sysinfo.entries) {
      if (file === undefined && value === undefined) {
        malformed("Firmware entry must have either value or 'file' attribute");
      }
    }
    return;
  }
  const { bios, system } = sysinfo;
  if (bios?.date !== undefined && !isBiosDate(bios.date)) refuse("XML_DETAIL", "Invalid BIOS 'date' format");
  if (system?.uuid === undefined) return;
  const digits = system.uuid.replaceAll("-", "").toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digits)) refuse("XML_DETAIL", "malformed <sysinfo> uuid element");
  if (digits !== uuid.replaceAll("-", "")) refuse("XML_DETAIL", "UUID mismatch between <uuid> and <sysinfo>");
}

/** Month/day/year, the year with two or four digits. */
function isBiosDate(date: string): boolean {
  const [, month, day] = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4})$/.exec(date) ?? [];
  return within(month, 12) && within(day, 31);
}

function within(text: string | undefined, most: number): boolean {
  const number = Number(text ?? 0);
  return number >= 1 && number <= most;
}
