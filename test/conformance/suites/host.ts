import { readFile } from "node:fs/promises";
import { LibvirtError } from "../../../src/errors.ts";
import { parseCpuTicks } from "../../../src/host/node/cpu-stats.ts";
import { clockRate, cpuSignature, parseCpuinfo } from "../../../src/host/node/cpuinfo.ts";
import { arrangement, readTopology } from "../../../src/host/node/topology.ts";
import { type Handler, input, type Produced, type Request } from "../protocol.ts";
import { recordedTree } from "../recorded-tree.ts";

export const hostCpu: Handler = (request) =>
  request.params?.op === "cpustats" ? cpuStats(request) : nodeInfo(request);

async function nodeInfo(request: Request): Promise<Produced> {
  const cpuinfo = parseCpuinfo(await input(request, "cpuinfo"));
  const arch = String(request.params?.arch);
  const tree = recordedTree(await readFile(request.trees?.["/sys/devices/system"] ?? "", "utf8"));
  const { online, total, nodes, sockets, cores, threads } = arrangement(await readTopology(tree));
  const output =
    `CPUs: ${online}/${total}, MHz: ${clockRate(cpuinfo, arch)}, Nodes: ${nodes}, ` +
    `Sockets: ${sockets}, Cores: ${cores}, Threads: ${threads}\n`;
  const signature = cpuSignature(cpuinfo, arch);
  return { output, outputs: signature === null ? {} : { expectedSignature: signature } };
}

async function cpuStats(request: Request): Promise<Produced> {
  const stat = await input(request);
  const count = Number(request.params?.ncpus);
  const blocks = ["all" as const, ...Array(count).keys()].map((cpu) => {
    const ticks = parseCpuTicks(stat, cpu);
    if (ticks === null) throw new LibvirtError("INVALID_ARG", "NONE", `there is no CPU ${cpu}`);
    const { kernel, user, idle, iowait } = ticks;
    return `cpu${cpu === "all" ? "" : cpu}:\nkernel: ${kernel}\nuser: ${user}\nidle: ${idle}\niowait: ${iowait}\n`;
  });
  return `${blocks.join("\n")}\n`;
}
