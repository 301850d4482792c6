export type { PacketChain, PacketLine } from "./packets.ts";
export {
  type FindFilter,
  type FirewallPlan,
  type FrameChain,
  type FrameLine,
  type FrameSide,
  filtersOf,
  planFirewall,
  unresolvedVariables,
  valuesOf,
} from "./plan.ts";
export type { Variables } from "./variables.ts";
