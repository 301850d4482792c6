/** Taking a domain back to one of its snapshots. */
import { checkFlags, exclusiveFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import {
  DomainEventStartedDetailType,
  DomainEventStoppedDetailType,
  DomainEventSuspendedDetailType,
  DomainEventType,
  DomainPausedReason,
  DomainRunningReason,
  DomainShutoffReason,
  DomainSnapshotRevertFlags,
  DomainState,
} from "../../../protocol/index.ts";
import { renamed } from "../domain/definition.ts";
import { emitLifecycle, isActive, setState, start, stop, type TestDomain } from "../domain/state.ts";
import type { TestNode } from "../state.ts";
import { findSnapshot, type Snapshot } from "./snapshots.ts";

const { RUNNING, PAUSED, FORCE } = DomainSnapshotRevertFlags;

/** What the domain is to be afterwards. */
function targetState({ state }: Snapshot, flags: number): Snapshot["state"] {
  if ((flags & RUNNING) !== 0) return "running";
  return (flags & PAUSED) !== 0 ? "paused" : state;
}

function revert(node: TestNode, domain: TestDomain, snapshot: Snapshot, flags: number): void {
  const target = targetState(snapshot, flags);
  refuse(domain, snapshot, target, flags);
  if (isActive(domain)) {
    stop(domain, DomainShutoffReason.FROM_SNAPSHOT);
    emitLifecycle(node, domain, DomainEventType.STOPPED, DomainEventStoppedDetailType.FROM_SNAPSHOT);
  }
  if (snapshot.definition) domain.config = renamed(snapshot.definition, domain.name);
  domain.snapshots.current = snapshot;
  if (target === "shutoff") {
    setState(domain, DomainState.SHUTOFF, DomainShutoffReason.FROM_SNAPSHOT);
    return;
  }
  start(node, domain, DomainRunningReason.FROM_SNAPSHOT);
  emitLifecycle(node, domain, DomainEventType.STARTED, DomainEventStartedDetailType.FROM_SNAPSHOT);
  if (target === "running") return;
  setState(domain, DomainState.PAUSED, DomainPausedReason.FROM_SNAPSHOT);
  emitLifecycle(node, domain, DomainEventType.SUSPENDED, DomainEventSuspendedDetailType.FROM_SNAPSHOT);
}

function refuse(domain: TestDomain, { name, definition }: Snapshot, target: Snapshot["state"], flags: number): void {
  if (!domain.persistent && target === "shutoff") {
    const detail = "transient domain needs to request run or pause to revert to inactive snapshot";
    throw new LibvirtError("OPERATION_INVALID", "TEST", detail);
  }
  if (!definition && (flags & FORCE) === 0) {
    const detail = `snapshot '${name}' lacks domain '${domain.name}' rollback info`;
    throw new LibvirtError("SNAPSHOT_REVERT_RISKY", "TEST", detail);
  }
}

export function snapshotRevertHandlers(node: TestNode): Handlers<"domainRevertToSnapshot"> {
  return {
    domainRevertToSnapshot({ snap, flags }) {
      checkFlags(flags, RUNNING | PAUSED | FORCE, "domainRevertToSnapshot", "TEST");
      const names = { VIR_DOMAIN_SNAPSHOT_REVERT_RUNNING: RUNNING, VIR_DOMAIN_SNAPSHOT_REVERT_PAUSED: PAUSED };
      exclusiveFlags(flags, names, "DOMAIN_SNAPSHOT");
      const { domain, snapshot } = findSnapshot(node, snap);
      revert(node, domain, snapshot, flags);
    },
  };
}
