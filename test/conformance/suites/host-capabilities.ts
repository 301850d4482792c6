import { readFile } from "node:fs/promises";
import { describeCapabilities } from "../../../src/drivers/qemu/capabilities/host-capabilities.ts";
import { describeHost, type HostCell } from "../../../src/host/node/description.ts";
import type { FileTree } from "../../../src/host/node/file-tree.ts";
import { formatCapabilities } from "../../../src/model/capabilities.ts";
import type { Handler, Request } from "../protocol.ts";
import { recordedTree } from "../recorded-tree.ts";

const smallPage = 4n;

export const hostCapabilities: Handler = async (request) => {
  const { arch, liveMigrate } = request.params as { readonly arch: string; readonly liveMigrate: boolean };
  const [system, resctrl] = await Promise.all([
    treeAt(request, "/sys/devices/system"),
    treeAt(request, "/sys/fs/resctrl"),
  ]);
  const host = await describeHost({ system, resctrl, root: recordedTree("{}") }, smallPage);
  const capabilities = describeCapabilities({
    host: { ...host, cells: host.cells.map(withFakedMemory) },
    processor: { arch },
    securityModels: [],
    transports: liveMigrate ? [] : undefined,
    emulators: [],
  });
  return formatCapabilities({ ...capabilities, host: withoutPages(capabilities.host) });
};

async function treeAt(request: Request, folder: string): Promise<FileTree> {
  const path = request.trees?.[folder];
  return recordedTree(path === undefined ? "{}" : await readFile(path, "utf8"));
}

/** libvirt's test does not read a node's memory but makes it up from the node's number. */
function withFakedMemory(cell: HostCell): HostCell {
  const count = (size: bigint, n: number) => ({ size, count: BigInt(n + cell.id) * 2048n });
  const pages = [count(smallPage, 1), count(2048n, 2), count(1048576n, 3)];
  const total = BigInt(cell.id + 1) * 1048576n;
  return { ...cell, memory: { total, free: 0n, pages }, distances: new Map() };
}

/** It looks at nodes only: the page sizes that the processor has are told by the driver. */
function withoutPages<T extends { readonly cpu: object }>(host: T): T {
  return { ...host, cpu: { ...host.cpu, pages: [] } };
}
