/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

const memory = () => import("./memory.ts");
const hypervisor = () => import("./hypervisor.ts");
const cpu = () => import("./cpu.ts");
const node = () => import("./node.ts");

export const host = group("host", "Host and Hypervisor", {
  allocpages: memory,
  capabilities: hypervisor,
  "cpu-baseline": cpu,
  "cpu-compare": cpu,
  "cpu-models": hypervisor,
  domcapabilities: hypervisor,
  freecell: node,
  freepages: node,
  hostname: hypervisor,
  "hypervisor-cpu-baseline": cpu,
  "hypervisor-cpu-compare": cpu,
  maxvcpus: hypervisor,
  "node-memory-tune": memory,
  nodecpumap: node,
  nodecpustats: node,
  nodeinfo: node,
  nodememstats: node,
  nodesevinfo: memory,
  nodesuspend: memory,
  sysinfo: hypervisor,
  uri: hypervisor,
  version: hypervisor,
});
