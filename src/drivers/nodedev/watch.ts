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

  async #start(): Promise<void> {
    if (this.#monitor) return;
    const [command, args] = boundToUs("udevadm", ["monitor", "--kernel"]);
    const monitor = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
    this.#monitor = monitor;
    monitor.unref();
    const stdout = monitor.stdout as typeof monitor.stdout & { unref?(): void };
    stdout.unref?.();
    // Without udev nothing is told, which is what docs/differences.md says.
    monitor.on("error", () => {});
    const listening = new Promise<void>((resolve) => {
      monitor.once("error", () => resolve());
      monitor.once("exit", () => resolve());
      // It says what it is about to do before it does it; its first lines are those.
      stdout.once("data", () => resolve());
    });
    stdout.on("data", () => this.#changed());
    await listening;
    this.#known = await scanDevices(this.#sources);
  }

  #changed(): void {
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = this.#compare()
      .catch((error) => process.emitWarning(`node devices: ${String(error)}`, "TsvirtWarning"))
      .finally(() => {
        this.#reading = null;
        if (!this.#again) return;
        this.#again = false;
        this.#changed();
      });
  }

  async #compare(): Promise<void> {
    const [before, after] = [this.#known, await scanDevices(this.#sources)];
    this.#known = after;
    if (before.size === 0) return;
    for (const name of before.keys()) if (!after.has(name)) this.#tell(name, NodeDeviceEventLifecycleType.DELETED);
    for (const name of after.keys()) if (!before.has(name)) this.#tell(name, NodeDeviceEventLifecycleType.CREATED);
  }

  #tell(name: string, event: NodeDeviceEventLifecycleType): void {
    this.hub.emit("nodeDeviceEventLifecycle", { dev: { name }, event, detail: 0 });
  }
}
