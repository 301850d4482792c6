/** Flags of `virNWFilterBindingCreateXML`. */
export const NWFilterBindingCreateFlags = {
  VALIDATE: 1,
} as const;
export type NWFilterBindingCreateFlags = (typeof NWFilterBindingCreateFlags)[keyof typeof NWFilterBindingCreateFlags];

/** Flags of `virNWFilterDefineXMLFlags`. */
export const NWFilterDefineFlags = {
  VALIDATE: 1,
} as const;
export type NWFilterDefineFlags = (typeof NWFilterDefineFlags)[keyof typeof NWFilterDefineFlags];
