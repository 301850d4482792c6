/** Today's tool stack, `xl`: a program run once for each thing that is to be done. */
import { LibvirtError } from "../../../../errors.ts";
import { runTool } from "../../../../host/tool.ts";
import type { Disk, Domain, Hostdev, Interface } from "../../../../model/domain/index.ts";
import {
  definitionOfLibxl,
  formatXenConfiguration,
  isPci,
  libxlEntry,
  targetOf,
  usualHost,
  writePairs,
  writePci,
  writeVif,
  writeXlDisk,
} from "../../../../model/xen/index.ts";
import type {
  CreateOptions,
  MigrateOptions,
  RestoreOptions,
  SaveOptions,
  Scheduler,
  SchedulerParameters,
  ToolCall,
  ToolDomain,
  ToolHost,
  Toolstack,
  ToolVcpu,
  Trigger,
} from "../toolstack.ts";
import { withConfigFile } from "./config-file.ts";
import { xlFailure } from "./failure.ts";
import { idsOfUuid, parseAssignable, parseHost, parseInfo, parseList, parseShare, parseVcpus } from "./listing.ts";
import { savedUuid } from "./saved-file.ts";

/** Milliseconds that a call may take: a question, a change, work on a guest's whole memory. */
const patience = { question: 60_000, change: 300_000, memory: 24 * 3_600_000 } as const;

/** What a domain is called when its number is all that is known. */
const numbered = (id: number): string => `domain ${id}`;

/** The numbers of the domains with a UUID. */
export type IdsOf = (uuid: string) => readonly number[];

export class XlTools implements Toolstack {
  readonly name = "xl";
  readonly #folder: string;
  readonly #host = usualHost;
  readonly #found: IdsOf | undefined;

  /**
   * @param folder a private one, for configurations while they are needed
   * @param idsOf finds domains; without it xl is asked
   */
  constructor(folder: string, idsOf?: IdsOf) {
    this.#folder = folder;
    this.#found = idsOf;
  }

  async list(call?: ToolCall): Promise<ToolDomain[]> {
    return parseList(await this.#ask("list domains", ["list", "-v"], call));
  }

  async host(call?: ToolCall): Promise<ToolHost> {
    return parseHost(await this.#ask("ask for the host", ["info"], call));
  }

  async vcpus(id: number, call?: ToolCall): Promise<ToolVcpu[]> {
    return parseVcpus(await this.#ask(`list the processors of ${numbered(id)}`, ["vcpu-list", String(id)], call));
  }

  async describe(id: number, call?: ToolCall): Promise<Domain | null> {
    // xl fails for a number that nobody has; the whole list tells the same without.
    const entry = libxlEntry(await this.#ask(`describe ${numbered(id)}`, ["list", "-l"], call), id);
    return entry === undefined ? null : definitionOfLibxl(entry, this.#host);
  }

  async create(definition: Domain, options: CreateOptions = {}): Promise<number> {
    const { name, uuid } = definition;
    const config = formatXenConfiguration(definition, "xl", this.#host);
    return withConfigFile(this.#folder, config, (path) =>
      // -e: xl does not stay to watch the domain, the driver does.
      this.#build(`create domain '${name}'`, ["create", "-q", "-e", ...pausedFlag(options), path], uuid, options),
    );
  }

  async restore(path: string, options: RestoreOptions = {}): Promise<number> {
    const { definition } = options;
    const uuid = definition?.uuid ?? (await savedUuid(path));
    const what = `restore a domain from '${path}'`;
    const build = (config: readonly string[]) =>
      this.#build(what, ["restore", "-e", ...pausedFlag(options), ...config, path], uuid, options, patience.memory);
    if (definition === undefined) return build([]);
    return withConfigFile(this.#folder, formatXenConfiguration(definition, "xl", this.#host), (config) =>
      build([config]),
    );
  }

  async destroy(id: number, call?: ToolCall): Promise<void> {
    await this.#change(`destroy ${numbered(id)}`, ["destroy", String(id)], call);
  }

  async pause(id: number, call?: ToolCall): Promise<void> {
    await this.#change(`pause ${numbered(id)}`, ["pause", String(id)], call);
  }

  async unpause(id: number, call?: ToolCall): Promise<void> {
    await this.#change(`unpause ${numbered(id)}`, ["unpause", String(id)], call);
  }

  async shutdown(id: number, { acpi = false, ...call }: ToolCall & { readonly acpi?: boolean } = {}): Promise<void> {
    await this.#change(`shut down ${numbered(id)}`, ["shutdown", ...(acpi ? ["-F"] : []), String(id)], call);
  }

  async reboot(id: number, call?: ToolCall): Promise<void> {
    await this.#change(`reboot ${numbered(id)}`, ["reboot", String(id)], call);
  }

  async rename(id: number, name: string, call?: ToolCall): Promise<void> {
    await this.#change(`rename ${numbered(id)} to '${name}'`, ["rename", String(id), word(name)], call);
  }

  async trigger(id: number, trigger: Trigger, call?: ToolCall): Promise<void> {
    await this.#change(`send '${trigger}' to ${numbered(id)}`, ["trigger", String(id), trigger], call);
  }

  async save(id: number, path: string, { afterwards = "end", ...call }: SaveOptions = {}): Promise<void> {
    const flag = { end: [], run: ["-c"], pause: ["-p"] }[afterwards];
    await this.#run(
      `save ${numbered(id)} to '${path}'`,
      ["save", ...flag, String(id), word(path)],
      patience.memory,
      call,
    );
  }

  async dumpCore(id: number, path: string, call?: ToolCall): Promise<void> {
    const what = `write the core of ${numbered(id)} to '${path}'`;
    await this.#run(what, ["dump-core", String(id), word(path)], patience.memory, call);
  }

  async migrate(id: number, { host, paused = false, ...call }: MigrateOptions): Promise<void> {
    // xl puts the host into a command line for a shell.
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.:@-]*$/.test(host)) {
      throw new LibvirtError("INVALID_ARG", "LIBXL", `'${host}' is not a host to migrate to`);
    }
    // The other host's xl stays with it there: nobody else may know how to follow its end.
    const args = ["migrate", ...(paused ? ["-p"] : []), String(id), host];
    await this.#run(`migrate ${numbered(id)} to '${host}'`, args, patience.memory, call);
  }

  async setVcpus(id: number, count: number, call?: ToolCall): Promise<void> {
    const what = `give ${numbered(id)} ${count} processors`;
    await this.#change(what, ["vcpu-set", "--ignore-host", String(id), String(count)], call);
  }

  async pinVcpu(id: number, vcpu: number, cpus: string, call?: ToolCall): Promise<void> {
    const what = `pin processor ${vcpu} of ${numbered(id)} to ${cpus}`;
    await this.#change(what, ["vcpu-pin", String(id), String(vcpu), word(cpus)], call);
  }

  async setMemory(id: number, kib: bigint, call?: ToolCall): Promise<void> {
    await this.#change(`set the memory of ${numbered(id)}`, ["mem-set", String(id), `${kib}k`], call);
  }

  async setMaxMemory(id: number, kib: bigint, call?: ToolCall): Promise<void> {
    await this.#change(`set the most memory of ${numbered(id)}`, ["mem-max", String(id), `${kib}k`], call);
  }

  async scheduler(id: number, call?: ToolCall): Promise<Scheduler> {
    const name = await this.#schedulerName(call);
    const command = shareCommand(name);
    if (command === undefined) return { name, parameters: {} };
    const text = await this.#ask(`ask for the share of ${numbered(id)}`, [command, "-d", String(id)], call);
    return { name, parameters: parseShare(text, id) ?? {} };
  }

  async setScheduler(id: number, { weight, cap }: SchedulerParameters, call?: ToolCall): Promise<void> {
    const name = await this.#schedulerName(call);
    const command = shareCommand(name);
    if (command === undefined) {
      throw new LibvirtError("OPERATION_UNSUPPORTED", "LIBXL", `the scheduler '${name}' has no weight and cap`);
    }
    const values = [
      ...(weight === undefined ? [] : ["-w", String(weight)]),
      ...(cap === undefined ? [] : ["-c", String(cap)]),
    ];
    if (values.length === 0) return;
    await this.#change(`set the share of ${numbered(id)}`, [command, "-d", String(id), ...values], call);
  }

  async attachDisk(id: number, disk: Disk, call?: ToolCall): Promise<void> {
    const what = `attach disk '${disk.target.dev}' to ${numbered(id)}`;
    await this.#change(what, ["block-attach", String(id), word(writeXlDisk(disk))], call);
  }

  async detachDisk(id: number, dev: string, call?: ToolCall): Promise<void> {
    await this.#change(`detach disk '${dev}' from ${numbered(id)}`, ["block-detach", String(id), word(dev)], call);
  }

  async changeMedium(id: number, disk: Disk, call?: ToolCall): Promise<void> {
    const { dev } = disk.target;
    const path = targetOf(disk);
    const what = `change the medium of '${dev}' of ${numbered(id)}`;
    const args =
      path === undefined ? ["cd-eject", String(id), word(dev)] : ["cd-insert", String(id), word(dev), word(path)];
    await this.#change(what, args, call);
  }

  async attachInterface(id: number, card: Interface, call?: ToolCall): Promise<void> {
    // One that is plugged in has no emulated card beside it, which only a guest's start can give it.
    const facts = Object.entries(writeVif(card, false, "xl")).filter(([, value]) => value !== undefined);
    const words = facts.map((fact) => writePairs(Object.fromEntries([fact])));
    await this.#change(`attach an interface to ${numbered(id)}`, ["network-attach", String(id), ...words], call);
  }

  async detachInterface(id: number, mac: string, call?: ToolCall): Promise<void> {
    await this.#change(
      `detach interface '${mac}' from ${numbered(id)}`,
      ["network-detach", String(id), word(mac)],
      call,
    );
  }

  async attachHostdev(id: number, device: Hostdev, call?: ToolCall): Promise<void> {
    const address = pciOf(device);
    await this.#change(`attach ${address} to ${numbered(id)}`, ["pci-attach", String(id), address], call);
  }

  async detachHostdev(id: number, device: Hostdev, call?: ToolCall): Promise<void> {
    const address = pciOf(device).replace(/,.*$/, "");
    await this.#change(`detach ${address} from ${numbered(id)}`, ["pci-detach", String(id), address], call);
  }

  async assignable(call?: ToolCall): Promise<string[]> {
    return parseAssignable(await this.#ask("list assignable devices", ["pci-assignable-list"], call));
  }

  async makeAssignable(address: string, call?: ToolCall): Promise<void> {
    await this.#change(`take ${address} from the host`, ["pci-assignable-add", word(address)], call);
  }

  async giveBack(address: string, call?: ToolCall): Promise<void> {
    // -r: the driver that had it gets it again.
    await this.#change(`give ${address} back to the host`, ["pci-assignable-remove", "-r", word(address)], call);
  }

  /** Builds a domain; one that was only begun is taken away again, for xl itself cannot when it is ended. */
  async #build(
    what: string,
    args: readonly string[],
    uuid: string,
    call: ToolCall,
    limit: number = patience.change,
  ): Promise<number> {
    // One that was set aside when its guest crashed has the same UUID.
    const others = new Set(await this.#idsOf(uuid));
    const made = async () => (await this.#idsOf(uuid)).find((id) => !others.has(id));
    try {
      await this.#run(what, args, limit, call);
      const id = await made();
      if (id !== undefined) return id;
      throw new LibvirtError("OPERATION_FAILED", "LIBXL", `cannot ${what}: it ended at once`);
    } catch (error) {
      const id = await made().catch(() => undefined);
      if (id !== undefined) await this.destroy(id).catch(() => undefined);
      throw error;
    }
  }

  async #idsOf(uuid: string): Promise<readonly number[]> {
    return this.#found?.(uuid) ?? idsOfUuid(await this.#ask("list domains", ["vm-list"]), uuid);
  }

  async #schedulerName(call?: ToolCall): Promise<string> {
    return parseInfo(await this.#ask("ask for the scheduler", ["info"], call)).get("xen_scheduler") ?? "unknown";
  }

  #ask(what: string, args: readonly string[], call?: ToolCall): Promise<string> {
    return this.#run(what, args, patience.question, call);
  }

  async #change(what: string, args: readonly string[], call?: ToolCall): Promise<void> {
    await this.#run(what, args, patience.change, call);
  }

  #run(
    what: string,
    args: readonly string[],
    limit: number,
    { signal, timeout = limit }: ToolCall = {},
  ): Promise<string> {
    const options = { domain: "LIBXL", signal, timeout, failure: xlFailure(what) } as const;
    return runTool("xl", args, careless.has(args[0] ?? "") ? { ...options, complains: anyError } : options);
  }
}

/** Commands that end well whatever happened; only what they complain of tells. */
const careless: ReadonlySet<string> = new Set(["pause", "unpause"]);
const anyError = /^libxl: error: /m;

const pausedFlag = ({ paused = false }: CreateOptions): string[] => (paused ? ["-p"] : []);

/** xl's command for a scheduler whose shares are weights and caps. */
function shareCommand(scheduler: string): string | undefined {
  return scheduler === "credit" || scheduler === "credit2" ? `sched-${scheduler}` : undefined;
}

/** A word that xl cannot take for one of its options. */
function word(text: string): string {
  if (text.startsWith("-"))
    throw new LibvirtError("INVALID_ARG", "LIBXL", `'${text}' begins with a hyphen, which xl takes for an option`);
  return text;
}

function pciOf(device: Hostdev): string {
  if (isPci(device)) return writePci(device);
  throw new LibvirtError("OPERATION_UNSUPPORTED", "LIBXL", "xl plugs in PCI devices of the host only");
}
