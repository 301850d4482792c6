/** Moving a guest's state out of QEMU and into it: migration, saving to a file, restoring. */
import type { Json, JsonObject } from "../json.ts";
import type { CallOptions, CommandRunner } from "../qmp.ts";
import { array, boolean, fields, int64, nothing, number, type Of, object, optional, string } from "../shape.ts";

/** Begins to send the guest to `uri`: `tcp:HOST:PORT`, `unix:PATH`, `fd:NAME`. Events and query-migrate tell the rest. */
export function migrate(qemu: CommandRunner, uri: string, options?: CallOptions): Promise<void> {
  return qemu.ask("migrate", nothing, { uri }, options);
}

/** Gives up a migration; the guest goes on here. */
export function migrateCancel(qemu: CommandRunner, options?: CallOptions): Promise<void> {
  return qemu.ask("migrate_cancel", nothing, undefined, options);
}

/** Makes a QEMU that was started with `-incoming defer` listen or read. */
export function migrateIncoming(qemu: CommandRunner, uri: string, options?: CallOptions): Promise<void> {
  return qemu.ask("migrate-incoming", nothing, { uri }, options);
}

/** Goes on with a migration that waits in `state` (pause-before-switchover). */
export function migrateContinue(qemu: CommandRunner, state: string, options?: CallOptions): Promise<void> {
  return qemu.ask("migrate-continue", nothing, { state }, options);
}

const ram = fields({
  transferred: int64,
  remaining: int64,
  total: int64,
  duplicate: int64,
  normal: int64,
  "normal-bytes": int64,
  "dirty-pages-rate": optional(int64),
  "dirty-sync-count": optional(int64),
  "page-size": optional(int64),
  "postcopy-requests": optional(int64),
  mbps: optional(number),
});

const status = fields({
  /** setup, active, pre-switchover, device, postcopy-active, completed, failed, cancelling, cancelled, ...; none yet. */
  status: optional(string),
  ram: optional(ram),
  xbzrle: optional(object),
  "expected-downtime": optional(int64),
  downtime: optional(int64),
  "setup-time": optional(int64),
  "total-time": optional(int64),
  "error-desc": optional(string),
  "blocked-reasons": optional(array(string)),
});

/** How far a migration has come: bytes and ms. */
export type MigrationStatus = Of<typeof status>;

export function queryMigrate(qemu: CommandRunner, options?: CallOptions): Promise<MigrationStatus> {
  return qemu.ask("query-migrate", status, undefined, options);
}

export async function queryMigrateCapabilities(
  qemu: CommandRunner,
  options?: CallOptions,
): Promise<ReadonlyMap<string, boolean>> {
  const shape = array(fields({ capability: string, state: boolean }));
  const list = await qemu.ask("query-migrate-capabilities", shape, undefined, options);
  return new Map(list.map(({ capability, state }) => [capability, state]));
}

export function migrateSetCapabilities(
  qemu: CommandRunner,
  states: { readonly [capability: string]: boolean },
  options?: CallOptions,
): Promise<void> {
  const capabilities = Object.entries(states).map(([capability, state]) => ({ capability, state }));
  return qemu.ask("migrate-set-capabilities", nothing, { capabilities }, options);
}

export function queryMigrateParameters(qemu: CommandRunner, options?: CallOptions): Promise<JsonObject> {
  return qemu.ask("query-migrate-parameters", object, undefined, options);
}

/** @param parameters `max-bandwidth` in bytes a second, `downtime-limit` in ms, ... */
export function migrateSetParameters(
  qemu: CommandRunner,
  parameters: { readonly [name: string]: Json },
  options?: CallOptions,
): Promise<void> {
  return qemu.ask("migrate-set-parameters", nothing, parameters, options);
}
