/** The steps of a migration that a client conducts between two hosts. */
import type * as protocol from "../../protocol/index.ts";
import { ConnectFeature, DomainMigrateFlags, MigrateParam } from "../../protocol/index.ts";
import type { Connection } from "../connection/connection.ts";
import { linkOf } from "../core/caller.ts";
import type { CallOptions, Link } from "../core/link.ts";
import type { ParametersInput } from "../values/parameters.ts";
import { Domain } from "./domain.ts";
import { requireMigration, supports } from "./migrate-checks.ts";

const { MIGRATE_CHANGE_PROTECTION } = ConnectFeature;
const { CHANGE_PROTECTION } = DomainMigrateFlags;

/** What is moved, from where, and how. */
export interface Migration {
  readonly source: Link;
  readonly dom: protocol.Domain;
  readonly params: ParametersInput;
  readonly flags: number;
}

/**
 * Conducts a migration: begin at the source, prepare at the destination, perform at the source, finish at the
 * destination, confirm at the source. Whatever fails in between, those are told who do not know, so that the domain ends
 * up running on exactly one of the hosts.
 */
export async function migrateOver(dconn: Connection, migration: Migration, options?: CallOptions): Promise<Domain> {
  const { source, dom, flags } = migration;
  const target = linkOf(dconn);
  await requireMigration(source, target, flags);
  const atSource = {
    dom,
    flags: flags | ((await supports(source, MIGRATE_CHANGE_PROTECTION)) ? CHANGE_PROTECTION : 0),
  };
  const begun = await source.call("domainMigrateBegin3Params", { ...atSource, params: migration.params }, options);
  let params: ParametersInput = { ...migration.params, [MigrateParam.DEST_XML]: begun.xml };
  // What the caller needs to know is why the destination refused; and once it runs there, no source changes that.
  const confirm = (cookieIn: Uint8Array, cancelled: number): Promise<void> =>
    source.call("domainMigrateConfirm3Params", { ...atSource, params, cookieIn, cancelled }).catch(() => {});
  const preparing = { params, cookieIn: begun.cookieOut, flags };
  const prepared = await target
    .call("domainMigratePrepare3Params", preparing, options)
    .catch(async (error: unknown) => {
      await confirm(nothing, 1);
      throw error;
    });
  if (prepared.uriOut !== null) params = { ...params, [MigrateParam.URI]: prepared.uriOut };
  const performing = { ...atSource, dconnuri: null, params, cookieIn: prepared.cookieOut };
  const performed = await settled(source.call("domainMigratePerform3Params", performing, options));
  // The destination finds it by that name, whether or not it has a new one.
  params = { ...params, [MigrateParam.DEST_NAME]: params[MigrateParam.DEST_NAME] ?? dom.name };
  const finishing = {
    params,
    cookieIn: performed.value?.cookieOut ?? nothing,
    flags,
    cancelled: performed.value ? 0 : 1,
  };
  const finished = await settled(target.call("domainMigrateFinish3Params", finishing));
  // A source that could not send the domain knows that by itself.
  if (performed.value) await confirm(finished.value?.cookieOut ?? nothing, finished.value ? 0 : 1);
  if (!performed.value) throw performed.error;
  if (!finished.value) throw finished.error;
  return new Domain(target, finished.value.dom);
}

const nothing = new Uint8Array();

type Settled<T> = { readonly value: T } | { readonly value: null; readonly error: unknown };

function settled<T extends object>(step: Promise<T>): Promise<Settled<T>> {
  return step.then(
    (value) => ({ value }),
    (error: unknown) => ({ value: null, error }),
  );
}
