/** Addresses and routes of an interface: inside a container, or on the host's side of one. */
import { attr, fields, type Infer, oneOf, type Shape, uint } from "../../xml/index.ts";
import { ipAddress } from "../common/ip.ts";

const family = attr(oneOf("ipv4", "ipv6"));

const ipShape = fields({
  address: attr(ipAddress).required(),
  family,
  /** Leading bits that name the network. */
  prefix: attr(uint(128)).omit(0),
  peer: attr(ipAddress),
});
export interface GuestIp extends Infer<typeof ipShape> {}
export const guestIp: Shape<GuestIp> = ipShape;

const routeShape = fields({
  family,
  address: attr(ipAddress).required(),
  netmask: attr(ipAddress),
  prefix: attr(uint(128)),
  gateway: attr(ipAddress).required(),
  metric: attr(uint()).omit(0),
});
export interface GuestRoute extends Infer<typeof routeShape> {}
export const guestRoute: Shape<GuestRoute> = routeShape;
