/** The way to the hypervisor: the kernel passes calls on that come through a device. */
import { closeSync, openSync } from "node:fs";
import { type DeviceCalls, loadDeviceCalls, NativeError, type PinnedMemory } from "../../../host/native/index.ts";
import { structure, u64 } from "./layout.ts";

/** Where the device is, by the kernel's age: the newer place first. */
const devices = ["/dev/xen/privcmd", "/proc/xen/privcmd"];
/** Gives memory that the hypervisor can always reach. */
const memoryDevice = "/dev/xen/hypercall";

/** IOCTL_PRIVCMD_HYPERCALL. */
const CALL = 0x305000;
const request = structure({ operation: u64, first: u64, second: u64, third: u64, fourth: u64, fifth: u64 });

/** How much memory there is for what one call needs. */
const memoryLength = 64 * 4096;

/** A piece of memory that the hypervisor can reach. */
export interface Piece {
  readonly bytes: Buffer;
  readonly address: bigint;
}

/** Gives pieces for one call, zeroed. */
export type Allocate = (length: number) => Piece;

/** Makes hypercalls; each fails with NativeError, whose code is the hypervisor's error. */
export class Privcmd {
  readonly #calls: DeviceCalls;
  readonly #device: number;
  readonly #memory: PinnedMemory;
  readonly #request = Buffer.alloc(request.size);
  #closed = false;

  /** Opens the device, or says why that cannot be. */
  static async open(): Promise<Privcmd | string> {
    const part = await loadDeviceCalls();
    if (part.calls === null) return part.reason;
    const device = openFirst(devices);
    if (typeof device === "string") return device;
    try {
      return new Privcmd(part.calls, device);
    } catch (error) {
      closeSync(device);
      return `there is no memory for calls to the hypervisor: ${(error as Error).message}`;
    }
  }

  private constructor(calls: DeviceCalls, device: number) {
    this.#calls = calls;
    this.#device = device;
    this.#memory = reachableMemory(calls);
  }

  /**
   * Makes one call.
   * @param prepare gives the arguments, with memory that lasts until `finish` has returned
   */
  call<T>(operation: number, prepare: (allocate: Allocate) => readonly bigint[], finish: (result: number) => T): T {
    if (this.#closed) throw new NativeError("hypercall", 9);
    let used = 0;
    const allocate: Allocate = (length) => {
      const start = used;
      used += Math.ceil(length / 16) * 16;
      if (used > memoryLength) throw new NativeError("hypercall", 12);
      return {
        bytes: this.#memory.bytes.subarray(start, start + length).fill(0),
        address: this.#memory.address + BigInt(start),
      };
    };
    const [first = 0n, second = 0n, third = 0n, fourth = 0n, fifth = 0n] = prepare(allocate);
    request.write(this.#request, { operation: BigInt(operation), first, second, third, fourth, fifth });
    return finish(this.#calls.ioctl(this.#device, CALL, this.#request));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#memory.release();
    closeSync(this.#device);
  }
}

function openFirst(paths: readonly string[]): number | string {
  let reason = "there is no device for it";
  for (const path of paths) {
    try {
      return openSync(path, "r+");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENODEV") return `${path} cannot be opened: ${(error as Error).message}`;
      reason = `there is no ${path}`;
    }
  }
  return reason;
}

function reachableMemory(calls: DeviceCalls): PinnedMemory {
  let device: number;
  try {
    device = openSync(memoryDevice, "r+");
  } catch {
    return calls.pinnedMemory(memoryLength);
  }
  try {
    return calls.pinnedMemory(memoryLength, device);
  } finally {
    // What is mapped stays.
    closeSync(device);
  }
}
