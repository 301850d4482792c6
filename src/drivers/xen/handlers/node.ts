/** The host, and how this driver calls itself. */
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { hostSysinfo } from "../../../driver/host-sysinfo.ts";
import { hostArch } from "../../../host/node/processor.ts";
import { sysinfoDocument } from "../../../model/domain/index.ts";
import type { XenHost } from "../host.ts";

type NodeProcedures =
  | "connectGetType"
  | "connectGetVersion"
  | "connectGetMaxVcpus"
  | "connectGetSysinfo"
  | "nodeGetInfo"
  | "nodeGetFreeMemory";

/** As many virtual processors as the hypervisor gives a paravirtualized guest. */
export const maxVcpus = 512;

export function nodeHandlers(host: XenHost): Handlers<NodeProcedures> {
  return {
    connectGetType: () => ({ type: "Xen" }),
    async connectGetVersion() {
      const { major, minor, extra } = await host.roads.version();
      const release = Number(/^\.(\d+)/.exec(extra)?.[1] ?? 0);
      return { hvVer: BigInt(major * 1_000_000 + minor * 1000 + release) };
    },
    async connectGetSysinfo({ flags }) {
      checkFlags(flags, 0, "connectGetSysinfo", "XEN");
      return { sysinfo: sysinfoDocument.format(await hostSysinfo("XEN")) };
    },
    connectGetMaxVcpus: () => ({ maxVcpus }),
    async nodeGetInfo() {
      const info = await host.roads.hostInfo();
      const cores = Math.max(1, info.coresPerSocket);
      const threads = Math.max(1, info.threadsPerCore);
      const nodes = Math.max(1, info.nodes);
      return {
        ...{ model: hostArch, memory: info.totalMemory, cpus: info.cpus, mhz: Math.trunc(info.cpuKhz / 1000), nodes },
        ...{ sockets: Math.max(1, Math.floor(info.cpus / (nodes * cores * threads))), cores, threads },
      };
    },
    nodeGetFreeMemory: async () => ({ freeMem: (await host.roads.hostInfo()).freeMemory * 1024n }),
  };
}
