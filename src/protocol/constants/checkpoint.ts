/** Flags of `virDomainCheckpointCreateXML`. */
export const DomainCheckpointCreateFlags = {
  REDEFINE: 1,
  QUIESCE: 2,
  REDEFINE_VALIDATE: 4,
} as const;
export type DomainCheckpointCreateFlags =
  (typeof DomainCheckpointCreateFlags)[keyof typeof DomainCheckpointCreateFlags];

/** Flags of `virDomainCheckpointDelete`. */
export const DomainCheckpointDeleteFlags = {
  CHILDREN: 1,
  METADATA_ONLY: 2,
  CHILDREN_ONLY: 4,
} as const;
export type DomainCheckpointDeleteFlags =
  (typeof DomainCheckpointDeleteFlags)[keyof typeof DomainCheckpointDeleteFlags];

/** Flags of `virDomainCheckpointListAllChildren` and `virDomainListAllCheckpoints`. */
export const DomainCheckpointListFlags = {
  DESCENDANTS: 1,
  ROOTS: 1,
  TOPOLOGICAL: 2,
  LEAVES: 4,
  NO_LEAVES: 8,
} as const;
export type DomainCheckpointListFlags = (typeof DomainCheckpointListFlags)[keyof typeof DomainCheckpointListFlags];

/** Flags of `virDomainCheckpointGetXMLDesc`. */
export const DomainCheckpointXMLFlags = {
  SECURE: 1,
  NO_DOMAIN: 2,
  SIZE: 4,
} as const;
export type DomainCheckpointXMLFlags = (typeof DomainCheckpointXMLFlags)[keyof typeof DomainCheckpointXMLFlags];
