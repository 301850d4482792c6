/**
 * Snapshots and checkpoints of domains. None can be made yet (error 3, NO_SUPPORT), so no domain has any: that much
 * clients must hear, for they ask it before they undefine or show a domain.
 */
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { snapshotListTwins } from "../../../../driver/twins.ts";
import { LibvirtError } from "../../../../errors.ts";
import { DomainCheckpointListFlags, DomainSnapshotListFlags } from "../../../../protocol/index.ts";
import type { QemuHost } from "../../host.ts";

type MomentProcedures =
  | "domainListAllSnapshots"
  | "domainSnapshotListAllChildren"
  | "domainSnapshotLookupByName"
  | "domainSnapshotCurrent"
  | "domainHasCurrentSnapshot"
  | "domainListAllCheckpoints"
  | "domainCheckpointLookupByName";

const all = (flags: Readonly<Record<string, number>>): number =>
  Object.values(flags).reduce((known, flag) => known | flag, 0);

function noSnapshot(detail: string): LibvirtError {
  return new LibvirtError("NO_DOMAIN_SNAPSHOT", "QEMU", detail);
}

export function momentHandlers(host: QemuHost) {
  const handlers: Handlers<MomentProcedures> = {
    domainListAllSnapshots({ dom, flags }) {
      checkFlags(flags, all(DomainSnapshotListFlags), "domainListAllSnapshots", "QEMU");
      host.finder.find(dom);
      return { snapshots: [], ret: 0 };
    },
    domainSnapshotListAllChildren({ snapshot: { dom, name } }) {
      host.finder.find(dom);
      throw noSnapshot(`no domain snapshot with matching name '${name}'`);
    },
    domainSnapshotLookupByName({ dom, name, flags }) {
      checkFlags(flags, 0, "domainSnapshotLookupByName", "QEMU");
      host.finder.find(dom);
      throw noSnapshot(`no domain snapshot with matching name '${name}'`);
    },
    domainSnapshotCurrent({ dom, flags }) {
      checkFlags(flags, 0, "domainSnapshotCurrent", "QEMU");
      host.finder.find(dom);
      throw noSnapshot("the domain does not have a current snapshot");
    },
    domainHasCurrentSnapshot({ dom, flags }) {
      checkFlags(flags, 0, "domainHasCurrentSnapshot", "QEMU");
      host.finder.find(dom);
      return { result: 0 };
    },
    domainListAllCheckpoints({ dom, flags }) {
      checkFlags(flags, all(DomainCheckpointListFlags), "domainListAllCheckpoints", "QEMU");
      host.finder.find(dom);
      return { checkpoints: [], ret: 0 };
    },
    domainCheckpointLookupByName({ dom, name, flags }) {
      checkFlags(flags, 0, "domainCheckpointLookupByName", "QEMU");
      host.finder.find(dom);
      throw new LibvirtError("NO_DOMAIN_CHECKPOINT", "QEMU", `no domain checkpoint with matching name '${name}'`);
    },
  };
  return {
    ...snapshotListTwins(handlers.domainListAllSnapshots, handlers.domainSnapshotListAllChildren),
    ...handlers,
  };
}
