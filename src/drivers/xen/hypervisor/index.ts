/** The fast road to Xen: hypercalls. It needs the optional package koffi, a device of the kernel, and root. */
export {
  type HostInfo,
  Hypervisor,
  type HypervisorDomain,
  type HypervisorVcpu,
  type SchedulerShare,
  type ShutdownReason,
  shutdownReasons,
  type Version,
} from "./hypervisor.ts";
export { HostCapability } from "./structures.ts";
