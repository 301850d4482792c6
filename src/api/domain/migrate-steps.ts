/** The steps of a migration that a client conducts between two hosts. */
import { LibvirtError } from "../../errors.ts";
import type * as protocol from "../../protocol/index.ts";
import { MigrateParam } from "../../protocol/index.ts";
import type { Connection } from "../connection/connection.ts";

import { linkOf } from "../core/caller.ts";
import type { CallOptions, Link } from "../core/link.ts";
import type { ParametersInput } from "../values/parameters.ts";
import { Domain } from "./domain.ts";
import { requireMigration } from "./migrate-checks.ts";

/** What is moved, from where, and how. */
export interface Migration {
  readonly source: Link;
  readonly dom: protocol.Domain;
  readonly params: ParametersInput;
  readonly flags: number;
}

/**
 * Conducts a migration: begin at the source, prepare at the destination, perform at the source, finish at the
 * destination, confirm at the source. Whatever fails in between, the last two steps are told, so that the domain ends up
 * running on exactly one of the hosts.
 */
export async function migrateOver(dconn: Connection, migration: Migration, options?: CallOptions): Promise<Domain> {
  const { source, dom, params, flags } = migration;
  const target = linkOf(dconn);
  await requireMigration(source, target, flags);
  const begun = await source.call("domainMigrateBegin3Params", { dom, params, flags }, options);
  const there = { ...params, [MigrateParam.DEST_XML]: begun.xml };
  const prepared = await cancelling(migration, () =>
    target.call("domainMigratePrepare3Params", { params: there, cookieIn: begun.cookieOut, flags }, options),
  );
  const uri = prepared.uriOut ?? undefined;
  const moving = uri === undefined ? params : { ...params, [MigrateParam.URI]: uri };
  let cookie = prepared.cookieOut;
  let failure: unknown;
  try {
    const args = { dom, dconnuri: null, params: moving, cookieIn: cookie, flags };
    cookie = (await source.call("domainMigratePerform3Params", args, options)).cookieOut;
  } catch (error) {
    failure = error;
  }
  const cancelled = failure === undefined ? 0 : 1;
  const finish = { params: moving, cookieIn: cookie, flags, cancelled };
  const finished = await target.call("domainMigrateFinish3Params", finish).catch((error: unknown) => {
    failure ??= error;
    return null;
  });
  const confirm = { dom, params, cookieIn: finished?.cookieOut ?? new Uint8Array(), flags };
  await source.call("domainMigrateConfirm3Params", { ...confirm, cancelled: finished && !cancelled ? 0 : 1 });
  if (failure !== undefined) throw failure;
  if (finished) return new Domain(target, finished.dom);
  throw source.report(new LibvirtError("INTERNAL_ERROR", "DOMAIN", "the migration ended without a domain"));
}

/** Tells the source that nothing came of it when the destination cannot take the domain. */
async function cancelling<T>({ source, dom, params, flags }: Migration, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const args = { dom, params, cookieIn: new Uint8Array(), flags, cancelled: 1 };
    // What the caller needs to know is why the destination refused.
    await source.call("domainMigrateConfirm3Params", args).catch(() => {});
    throw error;
  }
}
