import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LibvirtError } from "../../errors.ts";
import { runTool } from "../../host/tool.ts";
import type { Domain } from "../../model/domain/index.ts";
import { formatXenConfiguration } from "../../model/xen/index.ts";
import type { CreateOptions, RestoreOptions, ToolCall, ToolDomain, Toolstack } from "./toolstack/toolstack.ts";

export class XlTools implements Toolstack {
  readonly name = "xl";
  readonly folder: string;
  constructor(folder: string) {
    this.folder = folder;
  }
  #xl(args: string[], { signal }: ToolCall = {}) {
    return runTool("xl", args, { domain: "LIBXL", ...(signal && { signal }) });
  }
  async #with(definition: Domain | undefined, work: (path: string[]) => Promise<unknown>) {
    if (definition === undefined) return void (await work([]));
    const path = join(this.folder, randomBytes(6).toString("hex"));
    await writeFile(path, config(definition), { mode: 0o600 });
    try {
      await work([path]);
    } finally {
      await rm(path);
    }
  }
  async #id(name: string) {
    return Number((await this.#xl(["domid", name])).trim());
  }
  async create(definition: Domain, { paused, ...call }: CreateOptions = {}) {
    await this.#with(definition, (path) => this.#xl(["create", "-q", "-e", ...(paused ? ["-p"] : []), ...path], call));
    return this.#id(definition.name);
  }
  async list(): Promise<ToolDomain[]> {
    const text = await this.#xl(["list", "-v"]);
    return text
      .split("\n")
      .slice(1)
      .flatMap((line) => {
        const m = /^(.*\S)\s+(\d+)\s+(\d+)\s+(\d+)\s+([a-z-]{6})\s+([\d.]+)\s+([0-9a-f-]{36})/.exec(line);
        if (!m) return [];
        const [, name = "", id, mib = "0", vcpus, states = "", , uuid = ""] = m;
        const has = (c: string) => states.includes(c);
        const flags = {
          isPaused: has("p"),
          isBlocked: has("b"),
          isRunning: has("r"),
          isDying: has("d"),
          isShutdown: has("s"),
          isCrashed: has("c"),
        };
        return [
          { id: Number(id), name, uuid, memory: BigInt(mib) * 1024n, vcpus: Number(vcpus), cpuTime: 0n, ...flags },
        ];
      });
  }
  async pause(id: number) {
    await this.#xl(["pause", String(id)]);
  }
  async unpause(id: number) {
    await this.#xl(["unpause", String(id)]);
  }
  async destroy(id: number) {
    await this.#xl(["destroy", String(id)]);
  }
  async rename(id: number, name: string) {
    await this.#xl(["rename", String(id), name]);
  }
  async save(id: number, path: string, call?: ToolCall) {
    await this.#xl(["save", String(id), path], call);
  }
  async restore(path: string, { definition, paused, ...call }: RestoreOptions = {}) {
    await this.#with(definition, (file) => this.#xl(["restore", "-e", ...(paused ? ["-p"] : []), ...file, path], call));
    return this.#id(definition?.name ?? "");
  }
  async dumpCore(id: number, path: string, call?: ToolCall) {
    await this.#xl(["dump-core", String(id), path], call);
  }
  async setVcpus(id: number, count: number) {
    await this.#xl(["vcpu-set", "--ignore-host", String(id), String(count)]);
  }
  async setMemory(id: number, kib: bigint) {
    await this.#xl(["mem-set", String(id), `${kib}k`]);
  }
  shutdown = missing;
  reboot = missing;
  pinVcpu = missing;
  setMaxMemory = missing;
  attachDisk = missing;
  detachDisk = missing;
  attachInterface = missing;
  detachInterface = missing;
}
async function missing(): Promise<void> {
  throw new LibvirtError("NO_SUPPORT", "LIBXL", "not yet");
}
const config = (definition: Domain): string => formatXenConfiguration(definition, "xl");
