/** Checkpoints of domains: moments from which changes of disks are counted. */
import { checkFlags, requiredFlag } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import type { Moment } from "../../../driver/moments.ts";
import { listed } from "../../../driver/twins.ts";
import { type ErrorName, LibvirtError } from "../../../errors.ts";
import {
  type DomainCheckpoint as CheckpointRef,
  DomainCheckpointCreateFlags,
  DomainCheckpointDeleteFlags,
  DomainCheckpointListFlags,
  DomainCheckpointXMLFlags,
  DomainSnapshotListFlags,
} from "../../../protocol/index.ts";
import { seconds } from "../clock.ts";
import { completeEmbedded, type Definition } from "../domain/definition.ts";
import { domainRef, findDomain, type TestDomain } from "../domain/state.ts";
import type { TestNode } from "../state.ts";
import { type CheckpointXml, checkpointDocument } from "./snapshot-xml.ts";

export interface Checkpoint extends Moment {
  readonly description: string | undefined;
  /** Seconds since the epoch. */
  readonly created: bigint;
  readonly disks: CheckpointXml["disks"];
  readonly definition: Definition | undefined;
}

type CheckpointProcedures =
  | "domainCheckpointCreateXml"
  | "domainCheckpointLookupByName"
  | "domainCheckpointGetXmlDesc"
  | "domainCheckpointGetParent"
  | "domainCheckpointDelete"
  | "domainListAllCheckpoints"
  | "domainCheckpointListAllChildren";

function failure(code: ErrorName, detail: string): LibvirtError {
  return new LibvirtError(code, "DOMAIN_CHECKPOINT", detail);
}

function unsupported(detail: string): LibvirtError {
  return new LibvirtError("OPERATION_UNSUPPORTED", "TEST", detail);
}

function noCheckpoint(detail: string): LibvirtError {
  return new LibvirtError("NO_DOMAIN_CHECKPOINT", "TEST", detail);
}

interface FoundCheckpoint {
  readonly domain: TestDomain;
  readonly checkpoint: Checkpoint;
}

function find(node: TestNode, { dom, name }: CheckpointRef): FoundCheckpoint {
  const domain = findDomain(node, dom);
  const checkpoint = domain.checkpoints.get(name);
  if (checkpoint) return { domain, checkpoint };
  throw noCheckpoint(`no domain checkpoint with matching name '${name}'`);
}

function checkpointRef(domain: TestDomain, { name }: Checkpoint): CheckpointRef {
  return { name, dom: domainRef(domain) };
}

/** Each disk gets a bitmap named after the checkpoint, unless the document says otherwise. */
function completeDisks(definition: Definition, name: string, { disks }: CheckpointXml): CheckpointXml["disks"] {
  const said = new Map(disks?.disks.map((disk) => [disk.name, disk]));
  const known = definition.devices.disks.map(({ target }) => target.dev);
  if (known.length === 0) {
    throw failure("CONFIG_UNSUPPORTED", "domain must have at least one disk to perform checkpoints");
  }
  const stranger = [...said.keys()].find((disk) => !known.includes(disk));
  if (stranger !== undefined) throw failure("CONFIG_UNSUPPORTED", `no disk named '${stranger}'`);
  // With a list of disks, those that are not in it are left alone.
  const completed = known.map((disk) => {
    const { checkpoint = said.size > 0 && !said.has(disk) ? "no" : "bitmap", bitmap = name } = said.get(disk) ?? {};
    return { name: disk, checkpoint, ...(checkpoint === "bitmap" && { bitmap }) };
  });
  return { disks: completed };
}

function take(domain: TestDomain, xml: CheckpointXml): Checkpoint {
  if (!domain.live) throw unsupported("cannot create checkpoint for inactive domain");
  const created = seconds();
  const name = xml.name ?? String(created);
  if (domain.checkpoints.get(name)) {
    throw new LibvirtError("OPERATION_FAILED", "DOMAIN", `domain moment ${name} already exists`);
  }
  const disks = completeDisks(domain.live, name, xml);
  const parent = domain.checkpoints.current?.name ?? null;
  return { name, parent, description: xml.description, created, disks, definition: domain.live };
}

/** A checkpoint that was made before, made known again (REDEFINE). */
function adopt(domain: TestDomain, xml: CheckpointXml): Checkpoint {
  const { name, creationTime, parent, description, disks } = xml;
  if (name === undefined) throw failure("XML_ERROR", "a redefined checkpoint must have a name");
  if (creationTime === undefined) throw failure("INTERNAL_ERROR", "missing creationTime from existing checkpoint");
  if (parent && (domain.checkpoints.wouldCircle(name, parent.name) || !domain.checkpoints.get(parent.name))) {
    throw failure("INVALID_ARG", `parent ${parent.name} of checkpoint ${name} is not there, or follows it`);
  }
  const definition = xml.domain && completeEmbedded(xml.domain);
  return { name, parent: parent?.name ?? null, description, created: creationTime, disks, definition };
}

function create(domain: TestDomain, xml: string, flags: number): Checkpoint {
  const { REDEFINE, REDEFINE_VALIDATE } = DomainCheckpointCreateFlags;
  const validate = { VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE_VALIDATE: REDEFINE_VALIDATE };
  requiredFlag(flags, validate, { VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE: REDEFINE }, "DOMAIN_CHECKPOINT");
  if (domain.snapshots.size > 0) throw unsupported("cannot create checkpoint while snapshot exists");
  const given = checkpointDocument.parse(xml);
  const checkpoint = (flags & REDEFINE) !== 0 ? adopt(domain, given) : take(domain, given);
  domain.checkpoints.set(checkpoint);
  domain.checkpoints.current = checkpoint;
  return checkpoint;
}

function describe({ checkpoint }: FoundCheckpoint, flags: number): string {
  const { name, description, parent, created, disks, definition } = checkpoint;
  const withDomain = (flags & DomainCheckpointXMLFlags.NO_DOMAIN) === 0;
  const value: CheckpointXml = {
    name,
    description,
    ...(parent !== null && { parent: { name: parent } }),
    creationTime: created,
    disks,
    domain: withDomain ? definition : undefined,
  };
  return checkpointDocument.format(value, { secure: (flags & DomainCheckpointXMLFlags.SECURE) !== 0, inactive: true });
}

function remove({ domain, checkpoint }: FoundCheckpoint, flags: number): void {
  const { checkpoints } = domain;
  const { CHILDREN, CHILDREN_ONLY } = DomainCheckpointDeleteFlags;
  if ((flags & (CHILDREN | CHILDREN_ONLY)) !== 0) {
    const followers = checkpoints.descendants(checkpoint);
    const lostCurrent = checkpoints.current !== null && followers.includes(checkpoints.current);
    for (const follower of followers) checkpoints.remove(follower);
    if (lostCurrent) checkpoints.current = checkpoint;
  }
  if ((flags & CHILDREN_ONLY) === 0) checkpoints.remove(checkpoint);
}

/** Places in the tree, by the flags of checkpoints: one of them has another bit than with snapshots. */
function placeFlags(flags: number): number {
  const { TOPOLOGICAL } = DomainCheckpointListFlags;
  return (flags & ~TOPOLOGICAL) | ((flags & TOPOLOGICAL) !== 0 ? DomainSnapshotListFlags.TOPOLOGICAL : 0);
}

export function checkpointHandlers(node: TestNode): Handlers<CheckpointProcedures> {
  const Create = DomainCheckpointCreateFlags;
  const Delete = DomainCheckpointDeleteFlags;
  const Xml = DomainCheckpointXMLFlags;
  const listFlags = Object.values(DomainCheckpointListFlags).reduce((all, flag) => all | flag, 0);
  const list = (domain: TestDomain, from: Checkpoint | null, flags: number, needResults: number) => {
    const { items, ret } = listed(domain.checkpoints.list(from, placeFlags(flags)), needResults);
    return { checkpoints: items.map((checkpoint) => checkpointRef(domain, checkpoint)), ret };
  };
  return {
    domainCheckpointCreateXml({ dom, xmlDesc, flags }) {
      checkFlags(
        flags,
        Create.REDEFINE | Create.QUIESCE | Create.REDEFINE_VALIDATE,
        "domainCheckpointCreateXml",
        "TEST",
      );
      const domain = findDomain(node, dom);
      return { checkpoint: checkpointRef(domain, create(domain, xmlDesc, flags)) };
    },
    domainCheckpointLookupByName({ dom, name, flags }) {
      checkFlags(flags, 0, "domainCheckpointLookupByName", "TEST");
      const { domain, checkpoint } = find(node, { dom, name });
      return { checkpoint: checkpointRef(domain, checkpoint) };
    },
    domainCheckpointGetXmlDesc({ checkpoint, flags }) {
      checkFlags(flags, Xml.SECURE | Xml.NO_DOMAIN | Xml.SIZE, "domainCheckpointGetXmlDesc", "TEST");
      return { xml: describe(find(node, checkpoint), flags) };
    },
    domainCheckpointGetParent({ checkpoint, flags }) {
      checkFlags(flags, 0, "domainCheckpointGetParent", "TEST");
      const found = find(node, checkpoint);
      const parent = found.domain.checkpoints.parentOf(found.checkpoint);
      if (!parent) throw noCheckpoint(`checkpoint '${found.checkpoint.name}' does not have a parent`);
      return { parent: checkpointRef(found.domain, parent) };
    },
    domainCheckpointDelete({ checkpoint, flags }) {
      checkFlags(
        flags,
        Delete.CHILDREN | Delete.METADATA_ONLY | Delete.CHILDREN_ONLY,
        "domainCheckpointDelete",
        "TEST",
      );
      remove(find(node, checkpoint), flags);
    },
    domainListAllCheckpoints({ dom, needResults, flags }) {
      checkFlags(flags, listFlags, "domainListAllCheckpoints", "TEST");
      return list(findDomain(node, dom), null, flags, needResults);
    },
    domainCheckpointListAllChildren({ checkpoint, needResults, flags }) {
      checkFlags(flags, listFlags, "domainCheckpointListAllChildren", "TEST");
      const found = find(node, checkpoint);
      return list(found.domain, found.checkpoint, flags, needResults);
    },
  };
}
