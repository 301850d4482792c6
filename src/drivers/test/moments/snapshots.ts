/** Snapshots of domains: making, finding, describing and deleting them. Going back to one is in `snapshot-revert.ts`. */
import { checkFlags, requiredFlag } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { type ListQuestion, selectByFlags, yesOrNo } from "../../../driver/list-filter.ts";
import type { Moment } from "../../../driver/moments.ts";
import { listed, snapshotListTwins } from "../../../driver/twins.ts";
import { type ErrorName, LibvirtError } from "../../../errors.ts";
import {
  DomainEventStoppedDetailType,
  DomainShutoffReason,
  DomainSnapshotCreateFlags,
  DomainSnapshotDeleteFlags,
  DomainSnapshotListFlags,
  DomainSnapshotXMLFlags,
  DomainState,
  type DomainSnapshot as SnapshotRef,
} from "../../../protocol/index.ts";
import { seconds } from "../clock.ts";
import { completeEmbedded, type Definition } from "../domain/definition.ts";
import { currentDefinition, domainRef, findDomain, isActive, stopAndTell, type TestDomain } from "../domain/state.ts";
import type { TestNode } from "../state.ts";
import { type SnapshotXml, snapshotDocument } from "./snapshot-xml.ts";

export interface Snapshot extends Moment {
  readonly description: string | undefined;
  readonly state: NonNullable<SnapshotXml["state"]>;
  /** Seconds since the epoch. */
  readonly created: bigint;
  readonly memory: NonNullable<SnapshotXml["memory"]>;
  readonly disks: SnapshotXml["disks"];
  /** What the domain was; undefined for a snapshot that was made known without it. */
  readonly definition: Definition | undefined;
}

type SnapshotProcedures =
  | "domainSnapshotCreateXml"
  | "domainSnapshotLookupByName"
  | "domainSnapshotGetXmlDesc"
  | "domainSnapshotGetParent"
  | "domainHasCurrentSnapshot"
  | "domainSnapshotCurrent"
  | "domainSnapshotIsCurrent"
  | "domainSnapshotHasMetadata"
  | "domainSnapshotDelete"
  | "domainListAllSnapshots"
  | "domainSnapshotListAllChildren";

const List = DomainSnapshotListFlags;
const isExternal = ({ memory, disks }: Snapshot): boolean =>
  memory.snapshot === "external" || disks?.disks.some(({ snapshot }) => snapshot === "external") === true;
const questions: readonly ListQuestion<Snapshot>[] = [
  yesOrNo(List.METADATA, List.NO_METADATA, () => true),
  [
    [List.INACTIVE, ({ state }) => state === "shutoff"],
    [List.ACTIVE, ({ state }) => state !== "shutoff"],
    [List.DISK_ONLY, () => false],
  ],
  yesOrNo(List.EXTERNAL, List.INTERNAL, isExternal),
];
const listFlags = Object.values(List).reduce((all, flag) => all | flag, 0);

function noSnapshot(detail: string): LibvirtError {
  return new LibvirtError("NO_DOMAIN_SNAPSHOT", "TEST", detail);
}

export interface FoundSnapshot {
  readonly domain: TestDomain;
  readonly snapshot: Snapshot;
}

/** The snapshot a client means, or NO_DOMAIN_SNAPSHOT. */
export function findSnapshot(node: TestNode, { dom, name }: SnapshotRef): FoundSnapshot {
  const domain = findDomain(node, dom);
  const snapshot = domain.snapshots.get(name);
  if (snapshot) return { domain, snapshot };
  throw noSnapshot(`no domain snapshot with matching name '${name}'`);
}

function snapshotRef(domain: TestDomain, { name }: Snapshot): SnapshotRef {
  return { name, dom: domainRef(domain) };
}

const states: Readonly<Partial<Record<DomainState, Snapshot["state"]>>> = {
  [DomainState.RUNNING]: "running",
  [DomainState.PAUSED]: "paused",
};

/** The disks of a snapshot: what the document says of them, and all others as the domain itself is kept. */
function completeDisks(definition: Definition, { disks }: SnapshotXml): SnapshotXml["disks"] {
  const said = new Map(disks?.disks.map((disk) => [disk.name, disk.snapshot]));
  const known = definition.devices.disks.map(({ target }) => target.dev);
  const stranger = [...said.keys()].find((name) => !known.includes(name));
  if (stranger !== undefined) throw failure("CONFIG_UNSUPPORTED", `no disk named '${stranger}'`);
  if (known.length === 0) return undefined;
  return { disks: known.map((name) => ({ name, snapshot: said.get(name) ?? "internal" })) };
}

function failure(code: ErrorName, detail: string): LibvirtError {
  return new LibvirtError(code, "DOMAIN_SNAPSHOT", detail);
}

/** A snapshot of the domain as it is. */
function takeSnapshot(domain: TestDomain, xml: SnapshotXml): Snapshot {
  const definition = currentDefinition(domain);
  const created = seconds();
  const name = xml.name ?? String(created);
  if (domain.snapshots.get(name)) {
    throw new LibvirtError("OPERATION_FAILED", "DOMAIN", `domain moment ${name} already exists`);
  }
  return {
    name,
    parent: domain.snapshots.current?.name ?? null,
    description: xml.description,
    state: states[domain.state] ?? "shutoff",
    created,
    memory: xml.memory?.snapshot ? xml.memory : { snapshot: isActive(domain) ? "internal" : "no" },
    disks: completeDisks(definition, xml),
    definition,
  };
}

/** A snapshot that was taken before, made known again (REDEFINE). */
function adoptSnapshot(domain: TestDomain, xml: SnapshotXml): Snapshot {
  const { name, creationTime, state, parent, memory, domain: embedded } = xml;
  if (name === undefined) throw failure("XML_ERROR", "a redefined snapshot must have a name");
  if (creationTime === undefined) throw failure("INTERNAL_ERROR", "missing creationTime from existing snapshot");
  if (state === undefined) throw failure("INTERNAL_ERROR", "missing state from existing snapshot");
  if (parent?.name === name) throw failure("INVALID_ARG", `cannot set moment ${name} as its own parent`);
  if (parent && domain.snapshots.wouldCircle(name, parent.name)) {
    throw failure("INVALID_ARG", `parent ${parent.name} would create cycle to ${name}`);
  }
  if (parent && !domain.snapshots.get(parent.name)) {
    throw failure("INVALID_ARG", `parent ${parent.name} for snapshot ${name} not found`);
  }
  const definition = embedded && completeEmbedded(embedded);
  if (definition && definition.uuid !== domain.config.uuid) {
    throw failure("INVALID_ARG", `definition for snapshot ${name} must use uuid ${domain.config.uuid}`);
  }
  return {
    name,
    parent: parent?.name ?? null,
    description: xml.description,
    state,
    created: creationTime,
    memory: memory?.snapshot ? memory : { snapshot: state === "shutoff" ? "no" : "internal" },
    disks: definition ? completeDisks(definition, xml) : xml.disks,
    definition,
  };
}

function create(node: TestNode, domain: TestDomain, xml: string, flags: number): Snapshot {
  const { REDEFINE, CURRENT, HALT, VALIDATE } = DomainSnapshotCreateFlags;
  const current = { VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT: CURRENT };
  requiredFlag(flags, current, { VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE: REDEFINE }, "DOMAIN_SNAPSHOT");
  if (domain.checkpoints.size > 0) {
    throw new LibvirtError("OPERATION_UNSUPPORTED", "TEST", "cannot create snapshot while checkpoint exists");
  }
  const redefine = (flags & REDEFINE) !== 0;
  const given = snapshotDocument.parse(xml, { strict: (flags & VALIDATE) !== 0 });
  const snapshot = redefine ? adoptSnapshot(domain, given) : takeSnapshot(domain, given);
  domain.snapshots.set(snapshot);
  if (!redefine || (flags & CURRENT) !== 0) domain.snapshots.current = snapshot;
  if (!redefine && (flags & HALT) !== 0 && isActive(domain)) {
    stopAndTell(node, domain, DomainShutoffReason.FROM_SNAPSHOT, DomainEventStoppedDetailType.FROM_SNAPSHOT);
  }
  return snapshot;
}

function describe({ snapshot }: FoundSnapshot, flags: number): string {
  const { name, description, state, created, memory, disks, definition, parent } = snapshot;
  const secure = (flags & DomainSnapshotXMLFlags.SECURE) !== 0;
  const value: SnapshotXml = {
    name,
    description,
    state,
    ...(parent !== null && { parent: { name: parent } }),
    creationTime: created,
    memory,
    disks,
    domain: definition,
  };
  return snapshotDocument.format(value, { secure, inactive: true });
}

function remove({ domain, snapshot }: FoundSnapshot, flags: number): void {
  const { snapshots } = domain;
  const { CHILDREN, CHILDREN_ONLY } = DomainSnapshotDeleteFlags;
  if ((flags & (CHILDREN | CHILDREN_ONLY)) !== 0) {
    const followers = snapshots.descendants(snapshot);
    const lostCurrent = snapshots.current !== null && followers.includes(snapshots.current);
    for (const follower of followers) snapshots.remove(follower);
    if (lostCurrent) snapshots.current = snapshot;
  }
  if ((flags & CHILDREN_ONLY) === 0) snapshots.remove(snapshot);
}

export function snapshotHandlers(node: TestNode) {
  const Create = DomainSnapshotCreateFlags;
  const createFlags =
    Create.REDEFINE | Create.CURRENT | Create.HALT | Create.QUIESCE | Create.ATOMIC | Create.LIVE | Create.VALIDATE;
  const find = (snap: SnapshotRef) => findSnapshot(node, snap);
  const select = (domain: TestDomain, from: Snapshot | null, flags: number, needResults: number) => {
    const found = selectByFlags(domain.snapshots.list(from, flags), flags, questions);
    const { items, ret } = listed(found, needResults);
    return { snapshots: items.map((snapshot) => snapshotRef(domain, snapshot)), ret };
  };
  const handlers: Handlers<SnapshotProcedures> = {
    domainSnapshotCreateXml({ dom, xmlDesc, flags }) {
      checkFlags(flags, createFlags, "domainSnapshotCreateXml", "TEST");
      const domain = findDomain(node, dom);
      return { snap: snapshotRef(domain, create(node, domain, xmlDesc, flags)) };
    },
    domainSnapshotLookupByName({ dom, name, flags }) {
      checkFlags(flags, 0, "domainSnapshotLookupByName", "TEST");
      const { domain, snapshot } = find({ dom, name });
      return { snap: snapshotRef(domain, snapshot) };
    },
    domainSnapshotGetXmlDesc({ snap, flags }) {
      checkFlags(flags, DomainSnapshotXMLFlags.SECURE, "domainSnapshotGetXmlDesc", "TEST");
      return { xml: describe(find(snap), flags) };
    },
    domainSnapshotGetParent({ snap, flags }) {
      checkFlags(flags, 0, "domainSnapshotGetParent", "TEST");
      const { domain, snapshot } = find(snap);
      const parent = domain.snapshots.parentOf(snapshot);
      if (!parent) throw noSnapshot(`snapshot '${snapshot.name}' does not have a parent`);
      return { snap: snapshotRef(domain, parent) };
    },
    domainHasCurrentSnapshot({ dom, flags }) {
      checkFlags(flags, 0, "domainHasCurrentSnapshot", "TEST");
      return { result: Number(findDomain(node, dom).snapshots.current !== null) };
    },
    domainSnapshotCurrent({ dom, flags }) {
      checkFlags(flags, 0, "domainSnapshotCurrent", "TEST");
      const domain = findDomain(node, dom);
      const { current } = domain.snapshots;
      if (!current) throw noSnapshot("the domain does not have a current snapshot");
      return { snap: snapshotRef(domain, current) };
    },
    domainSnapshotIsCurrent({ snap, flags }) {
      checkFlags(flags, 0, "domainSnapshotIsCurrent", "TEST");
      const { domain, snapshot } = find(snap);
      return { current: Number(domain.snapshots.current === snapshot) };
    },
    domainSnapshotHasMetadata({ snap, flags }) {
      checkFlags(flags, 0, "domainSnapshotHasMetadata", "TEST");
      find(snap);
      return { metadata: 1 };
    },
    domainSnapshotDelete({ snap, flags }) {
      const { CHILDREN, CHILDREN_ONLY } = DomainSnapshotDeleteFlags;
      checkFlags(flags, CHILDREN | CHILDREN_ONLY, "domainSnapshotDelete", "TEST");
      remove(find(snap), flags);
    },
    domainListAllSnapshots({ dom, needResults, flags }) {
      checkFlags(flags, listFlags, "domainListAllSnapshots", "TEST");
      return select(findDomain(node, dom), null, flags, needResults);
    },
    domainSnapshotListAllChildren({ snapshot, needResults, flags }) {
      checkFlags(flags, listFlags, "domainSnapshotListAllChildren", "TEST");
      const found = find(snapshot);
      return select(found.domain, found.snapshot, flags, needResults);
    },
  };
  const { domainListAllSnapshots, domainSnapshotListAllChildren } = handlers;
  return { ...snapshotListTwins(domainListAllSnapshots, domainSnapshotListAllChildren), ...handlers };
}
