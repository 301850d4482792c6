/** The first tool stack, `xend`, of the hosts that libvirt was made on: a daemon that is asked over HTTP. */
import { LibvirtError } from "../../../../errors.ts";
import type { Disk, Domain, Interface } from "../../../../model/domain/index.ts";
import {
  diskExpression,
  formatSexpr,
  formatXendDomain,
  interfaceExpression,
  listsOf,
  type Sexpr,
  usualHost,
  wordAfter,
  type XenHost,
  xendDomain,
} from "../../../../model/xen/index.ts";
import type {
  CreateOptions,
  MigrateOptions,
  RestoreOptions,
  SaveOptions,
  SchedulerParameters,
  ToolCall,
  ToolDomain,
  Toolstack,
} from "../toolstack.ts";
import { XendClient } from "./client.ts";

const kibPerMib = 1024n;
const mebibytes = (kib: bigint): string => String((kib + kibPerMib - 1n) / kibPerMib);
const nsPerSecond = 1e9;

/** Longest that work on a guest's whole memory may take, in ms. */
const memoryPatience = 24 * 3_600_000;

export class XendTools implements Toolstack {
  readonly name = "xend";
  readonly #client: XendClient;
  readonly #host: XenHost;

  constructor(client: XendClient = new XendClient(), host: XenHost = usualHost) {
    this.#client = client;
    this.#host = host;
  }

  async list(call?: ToolCall): Promise<ToolDomain[]> {
    const names = (await this.#client.get("/xend/domain/", call)) ?? [];
    const all = typeof names === "string" ? [] : names.filter((name) => typeof name === "string");
    const described = await Promise.all(all.map((name) => this.#detail(name, call)));
    // One that ended meanwhile is not there any more.
    return described.flatMap((one) => (one === null ? [] : (listedDomain(one) ?? [])));
  }

  /** What xend says of a domain, by its name or number, as a definition; null when there is none. */
  async describe(domain: string | number, call?: ToolCall): Promise<Domain | null> {
    const detail = await this.#detail(String(domain), call);
    return detail === null ? null : xendDomain(detail, this.#host);
  }

  async create(definition: Domain, { paused = false, ...call }: CreateOptions = {}): Promise<number> {
    const config = formatXendDomain(definition, this.#host);
    const answer = await this.#client.post("/xend/domain", { op: "create", config }, call);
    return this.#begun(definition.name, answer, paused, call);
  }

  /** xend makes domains paused. One whose devices do not come up is taken away again. */
  async #begun(name: string, answer: string, paused: boolean, call: ToolCall): Promise<number> {
    const path = domainPath(name);
    try {
      await this.#client.post(path, { op: "wait_for_devices" }, call);
      const id = await this.#numberOf(name, call);
      if (!paused) await this.unpause(id, call);
      return id;
    } catch (error) {
      // It may be there in spite of what went wrong; that it is not is no error of its own.
      await this.#client.post(path, { op: "destroy" }).catch(() => answer);
      throw error;
    }
  }

  async #numberOf(name: string, call: ToolCall): Promise<number> {
    const id = Number(wordAfter((await this.#detail(name, call)) ?? [], "domid") ?? "NaN");
    if (Number.isSafeInteger(id)) return id;
    throw new LibvirtError("OPERATION_FAILED", "XEND", `domain '${name}' ended at once`);
  }

  async destroy(id: number, call?: ToolCall): Promise<void> {
    await this.#operate(id, { op: "destroy" }, call);
  }

  async pause(id: number, call?: ToolCall): Promise<void> {
    await this.#operate(id, { op: "pause" }, call);
  }

  async unpause(id: number, call?: ToolCall): Promise<void> {
    await this.#operate(id, { op: "unpause" }, call);
  }

  async shutdown(id: number, call?: ToolCall): Promise<void> {
    await this.#operate(id, { op: "shutdown", reason: "poweroff" }, call);
  }

  async reboot(id: number, call?: ToolCall): Promise<void> {
    await this.#operate(id, { op: "shutdown", reason: "reboot" }, call);
  }

  async rename(): Promise<void> {
    throw new LibvirtError("NO_SUPPORT", "XEND", "xend cannot rename a domain that runs");
  }

  async save(id: number, file: string, { afterwards = "end", ...call }: SaveOptions = {}): Promise<void> {
    if (afterwards !== "end") throw new LibvirtError("NO_SUPPORT", "XEND", "with xend a saved domain ends");
    await this.#operate(id, { op: "save", file }, { timeout: memoryPatience, ...call });
  }

  async restore(file: string, { paused = false, definition, ...call }: RestoreOptions = {}): Promise<number> {
    const options = { timeout: memoryPatience, ...call };
    const before = new Set((await this.list(call)).map(({ id }) => id));
    const answer = await this.#client.post("/xend/domain", { op: "restore", file }, options);
    const restored = (await this.list(call)).find(({ id, uuid }) => {
      return !before.has(id) && (definition === undefined || uuid === definition.uuid);
    });
    if (restored === undefined) {
      throw new LibvirtError(
        "OPERATION_FAILED",
        "XEND",
        `nothing came of restoring '${file}': ${answer.slice(0, 200)}`,
      );
    }
    // xend lets it run at once.
    if (paused) await this.pause(restored.id, call);
    return restored.id;
  }

  async dumpCore(id: number, file: string, call?: ToolCall): Promise<void> {
    await this.#operate(id, { op: "dump", file, live: "0", crash: "0" }, { timeout: memoryPatience, ...call });
  }

  async migrate(id: number, { host, paused = false, ...call }: MigrateOptions): Promise<void> {
    if (paused) throw new LibvirtError("NO_SUPPORT", "XEND", "with xend a domain goes on where it has gone");
    const operation = { op: "migrate", destination: host, live: "1", resource: "0", port: "0", node: "-1", ssl: "-1" };
    await this.#operate(id, operation, { timeout: memoryPatience, ...call });
  }

  async setVcpus(id: number, count: number, call?: ToolCall): Promise<void> {
    await this.#operate(id, { op: "set_vcpus", vcpus: String(count) }, call);
  }

  async pinVcpu(id: number, vcpu: number, cpus: string, call?: ToolCall): Promise<void> {
    await this.#operate(id, { op: "pinvcpu", vcpu: String(vcpu), cpumap: `[${cpus}]` }, call);
  }

  async setMemory(id: number, kib: bigint, call?: ToolCall): Promise<void> {
    await this.#operate(id, { op: "mem_target_set", target: mebibytes(kib) }, call);
  }

  async setMaxMemory(id: number, kib: bigint, call?: ToolCall): Promise<void> {
    await this.#operate(id, { op: "maxmem_set", memory: mebibytes(kib) }, call);
  }

  async setScheduler(id: number, { weight, cap }: SchedulerParameters, call?: ToolCall): Promise<void> {
    const values = {
      ...(weight !== undefined && { weight: String(weight) }),
      ...(cap !== undefined && { cap: String(cap) }),
    };
    await this.#operate(id, { op: "domain_sched_credit_set", ...values }, call);
  }

  async attachDisk(id: number, disk: Disk, call?: ToolCall): Promise<void> {
    await this.#operate(id, { op: "device_create", config: formatSexpr(diskExpression(disk)) }, call);
  }

  async detachDisk(id: number, dev: string, call?: ToolCall): Promise<void> {
    await this.#operate(id, { op: "device_destroy", type: "vbd", dev, force: "0", rm_cfg: "1" }, call);
  }

  async changeMedium(id: number, disk: Disk, call?: ToolCall): Promise<void> {
    const config = formatSexpr(diskExpression(disk));
    await this.#operate(id, { op: "device_configure", config, dev: disk.target.dev }, call);
  }

  async attachInterface(id: number, card: Interface, call?: ToolCall): Promise<void> {
    await this.#operate(id, { op: "device_create", config: formatSexpr(interfaceExpression(card, false)) }, call);
  }

  /** xend knows cards by their places in the domain. */
  async detachInterface(id: number, mac: string, call?: ToolCall): Promise<void> {
    const detail = await this.#detail(String(id), call);
    if (detail === null) throw noDomain(id);
    const cards = listsOf(detail, "device").flatMap(([, device]) => {
      return device !== undefined && typeof device !== "string" && device[0] === "vif" ? [device] : [];
    });
    const place = cards.findIndex((card) => wordAfter(card, "mac")?.toLowerCase() === mac.toLowerCase());
    if (place === -1) throw new LibvirtError("OPERATION_FAILED", "XEND", `domain ${id} has no interface '${mac}'`);
    const dev = wordAfter(cards[place], "devid") ?? String(place);
    await this.#operate(id, { op: "device_destroy", type: "vif", dev, force: "0", rm_cfg: "1" }, call);
  }

  #detail(domain: string, call?: ToolCall): Promise<Sexpr | null> {
    return this.#client.get(`${domainPath(domain)}?detail=1`, call);
  }

  async #operate(id: number, operation: Readonly<Record<string, string>>, call?: ToolCall): Promise<void> {
    await this.#client.post(domainPath(String(id)), operation, call);
  }
}

const domainPath = (domain: string): string => `/xend/domain/${encodeURIComponent(domain)}`;

const noDomain = (id: number): LibvirtError => new LibvirtError("NO_DOMAIN", "XEND", `there is no domain ${id}`);

/** Numbers of why a domain has shut down, by xend's words. */
const shutdownCodes: Readonly<Record<string, number>> = { poweroff: 0, reboot: 1, suspend: 2, crash: 3, halt: 4 };

/** A domain as the list shows it; undefined for one that does not run. */
function listedDomain(detail: Sexpr): ToolDomain | undefined {
  const word = (name: string): string | undefined => wordAfter(detail, name);
  const number = (name: string): number => Number(word(name) ?? "NaN");
  const id = number("domid");
  if (!Number.isSafeInteger(id)) return undefined;
  const state = word("state") ?? "";
  const reason = word("shutdown_reason");
  const isShutdown = state[3] === "s";
  return {
    id,
    name: word("name") ?? "",
    uuid: word("uuid") ?? "",
    memory: BigInt(Math.floor(number("memory") || 0)) * kibPerMib,
    vcpus: number("online_vcpus") || number("vcpus") || 1,
    isRunning: state[0] === "r",
    isBlocked: state[1] === "b",
    isPaused: state[2] === "p",
    isShutdown,
    isCrashed: state[4] === "c",
    isDying: state[5] === "d",
    shutdownCode: reason === undefined ? (isShutdown ? 0 : null) : (shutdownCodes[reason] ?? 0),
    cpuTime: BigInt(Math.round((number("cpu_time") || 0) * nsPerSecond)),
  };
}
