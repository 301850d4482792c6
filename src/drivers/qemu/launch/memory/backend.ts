/** What guest memory is made of on the host: one object for the guest, one for each NUMA node or memory module. */
import { basename } from "node:path";
import { LibvirtError } from "../../../../errors.ts";
import type { Domain, MemoryDevice, Numatune } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import type { Guest, HugepageMount } from "../context.ts";
import { integer, object } from "../parts/make-part.ts";
import type { ObjectPart } from "../parts/part.ts";

/** A piece of guest memory. */
export interface MemoryRequest {
  /** Id of the object. */
  readonly id: string;
  /** KiB. */
  readonly size: bigint;
  /** The guest's NUMA node it belongs to. */
  readonly node?: number | undefined;
  readonly access?: "shared" | "private" | undefined;
  readonly discard?: boolean | undefined;
  /** The module it is for. */
  readonly module?: MemoryDevice;
  /** The guest's only memory, under the name that the board would give its own. */
  readonly isBoardMemory?: boolean;
}

export interface MemoryBackend {
  readonly parts: readonly ObjectPart[];
  /** Nothing special is asked for: memory that QEMU takes by itself would do. */
  readonly isPlain: boolean;
  /** Folder that the back end makes a file in. */
  readonly folder: string | undefined;
  /** Memory is taken at once, and by whom: a virtio-mem device does that itself, as it grows. */
  readonly prealloc: boolean;
}

export function memoryBackend(request: MemoryRequest, guest: Guest): MemoryBackend {
  const { domain } = guest;
  const { module } = request;
  const access = request.access ?? domain.memoryBacking?.access;
  const hugepages = hugepagesOf(request, guest);
  const kind = kindOf(request, access, hugepages, guest);
  const affinity = affinityOf(request, guest);
  checkNodes(affinity, guest);
  const immediate = domain.memoryBacking?.allocation?.mode === "immediate";
  const prealloc = immediate || hugepages !== undefined || kind.prealloc === true;
  const byDevice = module?.model === "virtio-mem";
  const context =
    prealloc && !byDevice && kind.type !== "memory-backend-epc" ? threadContext(request.id, affinity, guest) : [];
  return {
    parts: [
      ...context,
      object(kind.type, request.id, {
        ...kind.props,
        ...discardProps(request, kind, guest),
        share: access === undefined ? undefined : access === "shared",
        ...canonicalPath(request, kind, guest),
        ...(byDevice ? reserveProps(guest) : preallocProps(prealloc, guest)),
        size: integer(request.size * 1024n),
        ...placement(affinity),
        "prealloc-context": context[0]?.props.id,
      }),
    ],
    isPlain: kind.isPlain && affinity?.isOwn !== true && hugepages === undefined,
    folder: kind.folder,
    prealloc,
  };
}

interface Kind {
  readonly type: string;
  readonly props: JsonObject;
  readonly isPlain: boolean;
  readonly prealloc?: boolean;
  readonly folder?: string;
}

function kindOf(
  request: MemoryRequest,
  access: string | undefined,
  hugepages: Hugepages | undefined,
  guest: Guest,
): Kind {
  const { module } = request;
  const source = guest.domain.memoryBacking?.source;
  if (module?.model === "sgx-epc") return { type: "memory-backend-epc", props: {}, isPlain: false, prealloc: true };
  const path = module?.source?.path;
  if (path !== undefined) return fileOf(path, module as MemoryDevice, guest);
  if (source === "memfd") return memfd(hugepages);
  if (hugepages !== undefined) {
    const folder = hugepageFolder(hugepages.mount, guest);
    return { type: "memory-backend-file", props: { "mem-path": folder }, isPlain: false, folder };
  }
  if (access === undefined && source !== "file") return { type: "memory-backend-ram", props: {}, isPlain: true };
  const folder = backingFolder(guest);
  return {
    type: "memory-backend-file",
    props: { "mem-path": `${folder}/${fileName(request)}` },
    isPlain: false,
    folder,
  };
}

/** Files are called after the piece, modules' after the module. */
const fileName = ({ id, module }: MemoryRequest): string => module?.alias ?? id;

function fileOf(path: string, { model, source }: MemoryDevice, { capabilities }: Guest): Kind {
  const align = source?.alignsize;
  if (source?.pmem === true && !capabilities.has("memory-backend-file.pmem")) {
    throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", "nvdimm pmem property is not available with this QEMU binary");
  }
  return {
    type: "memory-backend-file",
    props: {
      "mem-path": path,
      align: align === undefined ? undefined : integer(align * 1024n),
      pmem: source?.pmem === true ? true : undefined,
    },
    isPlain: false,
    prealloc: model !== "virtio-pmem",
  };
}

function memfd(hugepages: Hugepages | undefined): Kind {
  const props = hugepages === undefined ? {} : { hugetlb: true, hugetlbsize: integer(hugepages.mount.size * 1024n) };
  return { type: "memory-backend-memfd", props, isPlain: false };
}

/** What files of this run of the domain are named after where they lie outside of its folder. */
const runName = ({ folder }: Pick<Guest, "folder">): string => basename(folder).replace(/^domain-/, "");

export const backingFolder = (guest: Pick<Guest, "settings" | "folder">): string =>
  `${guest.settings.memoryBackingFolder}/${runName(guest)}`;

export const hugepageFolder = ({ folder }: HugepageMount, guest: Pick<Guest, "folder">): string =>
  `${folder}/libvirt/qemu/${runName(guest)}`;

interface Hugepages {
  readonly mount: HugepageMount;
}

/** The huge pages that a piece is made of; undefined for ordinary pages. */
function hugepagesOf({ module, node }: MemoryRequest, guest: Guest): Hugepages | undefined {
  if (module?.source?.path !== undefined || module?.model === "sgx-epc") return undefined;
  const size = module?.source?.pagesize ?? pageSizeFor(node, guest.domain);
  if (size === undefined || size * 1024n === BigInt(guest.pageSize)) return undefined;
  return { mount: mountFor(size, guest) };
}

/** KiB; 0 for the host's default huge pages, undefined for ordinary ones. */
export function pageSizeFor(node: number | undefined, { memoryBacking }: Domain): bigint | undefined {
  if (memoryBacking?.hugepages === undefined) return undefined;
  const { pages } = memoryBacking.hugepages;
  if (pages.length === 0) return 0n;
  const own = node === undefined ? undefined : pages.find(({ nodeset }) => nodeset?.includes(node));
  return (own ?? pages.find(({ nodeset }) => nodeset === undefined))?.size;
}

export function mountFor(size: bigint, { settings: { hugepageMounts } }: Guest): HugepageMount {
  if (hugepageMounts.length === 0) {
    throw new LibvirtError(
      "INTERNAL_ERROR",
      "QEMU",
      "hugetlbfs filesystem is not mounted or disabled by administrator config",
    );
  }
  const found =
    size === 0n
      ? (hugepageMounts.find(({ isDefault }) => isDefault) ?? hugepageMounts[0])
      : hugepageMounts.find((mount) => mount.size === size);
  if (found !== undefined) return found;
  throw new LibvirtError("INTERNAL_ERROR", "QEMU", `Unable to find any usable hugetlbfs mount for ${size} KiB`);
}

function discardProps(request: MemoryRequest, { type }: Kind, { domain }: Guest): JsonObject {
  if (type !== "memory-backend-file") return {};
  const discard = request.discard ?? (domain.memoryBacking?.discard === true ? true : undefined);
  return { "discard-data": discard };
}

/** Memory whose name in a migration is that which the board's own had before there were objects for it. */
function canonicalPath({ isBoardMemory }: MemoryRequest, { type }: Kind, { capabilities }: Guest): JsonObject {
  if (isBoardMemory !== true || type === "memory-backend-ram") return {};
  if (!capabilities.has("memory-backend-file.x-use-canonical-path-for-ramblock-id")) return {};
  return { "x-use-canonical-path-for-ramblock-id": false };
}

/** Memory that a virtio-mem device may come to use is not counted before it does. */
function reserveProps({ capabilities }: Guest): JsonObject {
  return { reserve: capabilities.has("memory-backend-file.reserve") ? false : undefined };
}

function preallocProps(prealloc: boolean, { domain, capabilities }: Guest): JsonObject {
  if (!prealloc) return {};
  const threads = domain.memoryBacking?.allocation?.threads;
  const many = threads !== 0 && capabilities.has("memory-backend-file.prealloc-threads") ? threads : undefined;
  return { prealloc: true, "prealloc-threads": many };
}

interface Affinity {
  readonly nodes: readonly number[];
  readonly mode: NonNullable<NonNullable<Numatune["memory"]>["mode"]>;
  /** It is for this piece and not for all of the guest's memory. */
  readonly isOwn: boolean;
}

/** The host's NUMA nodes that a piece comes from. */
function affinityOf({ module, node }: MemoryRequest, { domain, advisedNodes }: Guest): Affinity | undefined {
  const { memory, memnodes = [] } = domain.numatune ?? {};
  const ofNode = memnodes.find(({ cellid }) => cellid === node);
  const mode = ofNode?.mode ?? memory?.mode ?? "strict";
  const ofModule = module?.source?.nodemask;
  if (ofModule !== undefined) return { nodes: ofModule, mode, isOwn: true };
  if (memory?.placement === "auto") return advisedNodes && { nodes: advisedNodes, mode, isOwn: false };
  if (ofNode !== undefined) return { nodes: ofNode.nodeset, mode, isOwn: true };
  return memory?.nodeset && { nodes: memory.nodeset, mode, isOwn: false };
}

function checkNodes(affinity: Affinity | undefined, { hostNodes }: Guest): void {
  const missing = hostNodes && affinity?.nodes.find((node) => !hostNodes.includes(node));
  if (missing === undefined) return;
  throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", `NUMA node ${missing} is unavailable`);
}

const policies = { strict: "bind", preferred: "preferred", interleave: "interleave", restrictive: undefined } as const;

function placement(affinity: Affinity | undefined): JsonObject {
  // Where the kernel may choose within a cgroup, the cgroup alone says it.
  const policy = affinity && policies[affinity.mode];
  return policy === undefined ? {} : { "host-nodes": affinity?.nodes, policy };
}

/** Threads that fill the memory run on the nodes it comes from. */
function threadContext(id: string, affinity: Affinity | undefined, { capabilities }: Guest): ObjectPart[] {
  if (affinity === undefined || !capabilities.has("thread-context")) return [];
  return [object("thread-context", `tc-${id}`, { "node-affinity": affinity.nodes })];
}
