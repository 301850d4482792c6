/** Who reports an error: the part of libvirt that a procedure belongs to. */
import type { ErrorDomainName } from "../errors.ts";
import type { Family } from "../protocol/index.ts";

/** Which part of libvirt an error about a procedure of a family is reported by. */
export const errorDomains: { readonly [F in Family]: ErrorDomainName } = {
  auth: "AUTH",
  connect: "DOMAIN",
  node: "DOMAIN",
  domain: "DOMAIN",
  snapshot: "DOMAIN_SNAPSHOT",
  checkpoint: "DOMAIN_CHECKPOINT",
  network: "NETWORK",
  networkPort: "NETWORK",
  interface: "INTERFACE",
  storagePool: "STORAGE",
  storageVolume: "STORAGE",
  nodeDevice: "NODEDEV",
  secret: "SECRET",
  nwfilter: "NWFILTER",
  nwfilterBinding: "NWFILTER",
  qemu: "DOMAIN",
  lxc: "DOMAIN",
  admin: "ADMIN",
};
