/** The documents of snapshots and checkpoints, as far as this driver's domains need them. */
import { domainDocument } from "../../../model/domain/index.ts";
import { attr, child, document, fields, type Infer, leaf, long, many, oneOf, text } from "../../../xml/index.ts";

const place = oneOf("no", "internal", "external", "manual");

const snapshotShape = fields({
  name: leaf(text),
  description: leaf(text),
  /** The state the domain was in, and goes back to. */
  state: leaf(oneOf("running", "paused", "shutoff")),
  parent: child({ name: leaf(text).required() }),
  /** Seconds since the epoch. */
  creationTime: leaf(long),
  memory: child({ snapshot: attr(place), file: attr(text) }),
  disks: child({ disks: many({ name: attr(text).required(), snapshot: attr(place) }).named("disk") }),
  domain: child(domainDocument.shape),
});
export interface SnapshotXml extends Infer<typeof snapshotShape> {}

export const snapshotDocument = document(
  "domainsnapshot",
  snapshotShape,
  {},
  { from: "DOMAIN_SNAPSHOT", title: "domain_snapshot" },
);

const checkpointShape = fields({
  name: leaf(text),
  description: leaf(text),
  parent: child({ name: leaf(text).required() }),
  /** Seconds since the epoch. */
  creationTime: leaf(long),
  disks: child({
    disks: many({
      name: attr(text).required(),
      checkpoint: attr(oneOf("no", "bitmap")),
      bitmap: attr(text),
    }).named("disk"),
  }),
  domain: child(domainDocument.shape),
});
export interface CheckpointXml extends Infer<typeof checkpointShape> {}

export const checkpointDocument = document(
  "domaincheckpoint",
  checkpointShape,
  {},
  { from: "DOMAIN_CHECKPOINT", title: "domain_checkpoint" },
);
