/** Flags of `virConnectListAllInterfaces`. */
export const ConnectListAllInterfacesFlags = {
  INACTIVE: 1,
  ACTIVE: 2,
} as const;
export type ConnectListAllInterfacesFlags =
  (typeof ConnectListAllInterfacesFlags)[keyof typeof ConnectListAllInterfacesFlags];

/** Flags of `virInterfaceDefineXML`. */
export const InterfaceDefineFlags = {
  VALIDATE: 1,
} as const;
export type InterfaceDefineFlags = (typeof InterfaceDefineFlags)[keyof typeof InterfaceDefineFlags];

/** Flags of `virInterfaceGetXMLDesc`. */
export const InterfaceXMLFlags = {
  INACTIVE: 1,
} as const;
export type InterfaceXMLFlags = (typeof InterfaceXMLFlags)[keyof typeof InterfaceXMLFlags];
