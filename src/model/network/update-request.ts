/** What virNetworkUpdate is asked for. */

/** What to do, by libvirt's number (VIR_NETWORK_UPDATE_COMMAND_*); 0 is none. */
export const updateCommands = ["none", "modify", "delete", "add-last", "add-first"] as const;
export type UpdateCommand = (typeof updateCommands)[number];

/** What to change, by libvirt's number (VIR_NETWORK_SECTION_*); 0 is none. */
export const updateSections = [
  "none",
  "bridge",
  "domain",
  "ip",
  "ip-dhcp-host",
  "ip-dhcp-range",
  "forward",
  "forward-interface",
  "forward-pf",
  "portgroup",
  "dns-host",
  "dns-txt",
  "dns-srv",
] as const;
export type UpdateSection = (typeof updateSections)[number];

/** One change of a part of a network. */
export interface NetworkUpdate {
  readonly command: UpdateCommand;
  readonly section: UpdateSection;
  /** Which `<ip>` is meant, counted from 0; -1 for the one that has DHCP. */
  readonly parentIndex: number;
  /** The entry; to delete one, what it is known by is enough. */
  readonly xml: string;
}
