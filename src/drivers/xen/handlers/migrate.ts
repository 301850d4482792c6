/**
 * Moving guests to another Xen host, by the tool stacks of both: libvirt calls it direct migration (`xenmigr://HOST/`). No
 * daemon has to be there, and one that is sees the guest as made by others.
 */
import { checkFlags } from "../../../driver/flags.ts";
import type { CallContext, Handlers } from "../../../driver/handler.ts";
import { takeParams } from "../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../errors.ts";
import {
  ConnectFeature,
  DomainEventStoppedDetailType,
  DomainMigrateFlags,
  type Domain as DomainRef,
  DomainShutoffReason,
  MigrateParam,
  typesOf,
} from "../../../protocol/index.ts";
import type { Ending, XenDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";
import { hasEnded } from "../run/end.ts";

type MigrateProcedures = "domainMigratePerform" | "domainMigratePerform3" | "domainMigratePerform3Params";

const { MIGRATION_DIRECT, MIGRATION_V3, MIGRATION_PARAMS } = ConnectFeature;

/**
 * The kinds of migration there are here: no two daemons speak with each other about it. The newer forms of the call are told
 * of, so that a destination that is missing is refused here, with words: libvirt's client cannot send the oldest one then.
 */
export const migrateFeatures: readonly number[] = [MIGRATION_DIRECT, MIGRATION_V3, MIGRATION_PARAMS];

const { LIVE, PAUSED } = DomainMigrateFlags;
const types = typesOf([MigrateParam.URI]);
const migrated: Ending = { reason: DomainShutoffReason.MIGRATED, detail: DomainEventStoppedDetailType.MIGRATED };

interface Destination {
  readonly uri: string | null;
  readonly flags: number;
  /** Its name there; null to keep it. */
  readonly dname?: string | null;
  readonly xml?: string | null;
  /** MiB a second; 0 for no limit. */
  readonly bandwidth?: bigint;
}

/** The host of `xenmigr://HOST/`. */
function hostOf(uri: string | null): string {
  const [, host] = /^xenmigr:\/\/([A-Za-z0-9_][A-Za-z0-9_.-]*)\/?$/.exec(uri ?? "") ?? [];
  if (host !== undefined) return host;
  throw new LibvirtError("INVALID_ARG", "XEN", `guests are moved to 'xenmigr://HOST/', which '${uri ?? ""}' is not`);
}

function checkDestination({ dname = null, xml = null, bandwidth = 0n, flags }: Destination): void {
  checkFlags(flags, LIVE | PAUSED, "domainMigratePerform", "XEN");
  const asked = [dname !== null && "another name", xml !== null && "another definition", bandwidth > 0n && "a speed"];
  const what = asked.find((one) => one !== false);
  if (what === undefined) return;
  throw new LibvirtError("ARGUMENT_UNSUPPORTED", "XEN", `direct migration cannot give the guest ${what}`);
}

/** In the guest's job. When it fails the guest goes on here, and the tool stack there has cleared away. */
async function move(host: XenHost, domain: XenDomain, to: Destination, signal: AbortSignal): Promise<void> {
  const { tools } = host.roads;
  const live = domain.guest();
  if (live.preserved) throw new LibvirtError("OPERATION_INVALID", "DOMAIN", "the guest has ended");
  if (!tools.migrate) throw new LibvirtError("NO_SUPPORT", "XEN", `${tools.name} cannot move guests`);
  // The guest suspends itself for it.
  live.saving = true;
  try {
    await tools.migrate(live.id, { host: hostOf(to.uri), paused: (to.flags & PAUSED) !== 0, signal });
    live.ending = migrated;
    await hasEnded(host, domain, live);
  } finally {
    live.saving = false;
    // What happened meanwhile is taken in now.
    await host.look();
  }
}

export function migrateHandlers(host: XenHost): Handlers<MigrateProcedures> {
  const perform = async (dom: DomainRef, to: Destination, { signal }: CallContext): Promise<void> => {
    checkDestination(to);
    hostOf(to.uri);
    await host.finder.change(dom, "domainMigratePerform", (domain) => move(host, domain, to, signal), signal);
  };
  const cookieOut = new Uint8Array();
  return {
    domainMigratePerform: ({ dom, uri, flags, dname, resource }, call) =>
      perform(dom, { uri, flags: Number(flags), dname, bandwidth: resource }, call),
    async domainMigratePerform3({ dom, uri, dconnuri, flags, dname, xmlin, resource }, call) {
      const to = { uri: uri ?? dconnuri, flags: Number(flags), dname, xml: xmlin, bandwidth: resource };
      await perform(dom, to, call);
      return { cookieOut };
    },
    async domainMigratePerform3Params({ dom, dconnuri, params, flags }, call) {
      const uri = takeParams(params, types, "XEN").get(MigrateParam.URI);
      await perform(dom, { uri: typeof uri === "string" ? uri : dconnuri, flags }, call);
      return { cookieOut };
    },
  };
}
