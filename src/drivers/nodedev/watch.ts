/**
 * Devices that come and go, told as events while somebody wants to hear of them. The kernel tells it on a socket that
 * `udevadm monitor` reads; whatever it tells, the list of devices is read again and compared.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { EventHub, nodeDeviceEventHandlers } from "../../driver/events.ts";
import type { Handlers } from "../../driver/handler.ts";
import { boundToUs } from "../../host/bound-process.ts";
import { NodeDeviceEventLifecycleType } from "../../protocol/index.ts";
import { type DeviceSources, type FoundDevice, scanDevices } from "./scan.ts";

type EventProcedures = "connectNodeDeviceEventRegisterAny" | "connectNodeDeviceEventDeregisterAny";
type Devices = ReadonlyMap<string, FoundDevice>;

export class DeviceWatch {
  readonly hub = new EventHub();
  readonly #sources: DeviceSources;
  #monitor: ChildProcess | null = null;
  #started: Promise<void> | null = null;
  #known: Devices = new Map();
  /** Reading the list again, and whether the kernel has said something since that began. */
  #reading: Promise<void> | null = null;
  #again = false;

  constructor(sources: DeviceSources) {
    this.#sources = sources;
  }

  /** The handlers by which clients register: the first one starts the watch. */
  handlers(): Handlers<EventProcedures> {
    const plain = nodeDeviceEventHandlers(this.hub);
    return {
      ...plain,
      connectNodeDeviceEventRegisterAny: async (args, call) => {
        const result = plain.connectNodeDeviceEventRegisterAny(args, call);
        await this.#start();
        return result;
      },
    };
  }

  async close(): Promise<void> {
    this.#monitor?.kill();
    this.#monitor = null;
    await this.#reading;
  }

  /** Starts the watch, once: whoever registers meanwhile waits for the same start. */
  #start(): Promise<void> {
    this.#started ??= this.#listen();
    return this.#started;
  }

  async #listen(): Promise<void> {
    const [command, args] = boundToUs("udevadm", ["monitor", "--kernel"]);
    const monitor = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
    this.#monitor = monitor;
    const { stdout } = monitor;
    await new Promise<void>((resolve) => {
      // Without udev nothing is told, which is what docs/differences.md says.
      monitor.on("error", () => resolve());
      monitor.once("exit", () => resolve());
      // It says what it is about to do before it does it; its first lines are those.
      stdout.once("data", () => resolve());
    });
    // From here on it keeps nobody: until then, whoever registers waits for it.
    monitor.unref();
    (stdout as typeof stdout & { unref?(): void }).unref?.();
    stdout.on("data", () => this.#changed());
    await this.#read(async () => {
      this.#known = await scanDevices(this.#sources);
    });
  }

  #changed(): void {
    if (this.#reading) this.#again = true;
    else void this.#read(() => this.#compare());
  }

  #read(step: () => Promise<void>): Promise<void> {
    this.#reading = step()
      .catch((error) => process.emitWarning(`node devices: ${String(error)}`, "TsvirtWarning"))
      .finally(() => {
        this.#reading = null;
        if (!this.#again) return;
        this.#again = false;
        this.#changed();
      });
    return this.#reading;
  }

  async #compare(): Promise<void> {
    const [before, after] = [this.#known, await scanDevices(this.#sources)];
    this.#known = after;
    for (const name of before.keys()) if (!after.has(name)) this.#tell(name, NodeDeviceEventLifecycleType.DELETED);
    for (const name of after.keys()) if (!before.has(name)) this.#tell(name, NodeDeviceEventLifecycleType.CREATED);
  }

  #tell(name: string, event: NodeDeviceEventLifecycleType): void {
    this.hub.emit("nodeDeviceEventLifecycle", { dev: { name }, event, detail: 0 });
  }
}
