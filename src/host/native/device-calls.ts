/** Calls to device drivers (ioctl), and memory that they can work on. */
import type { CLibrary } from "./c-library.ts";
import { loadCLibrary } from "./load.ts";
import { NativeError } from "./native.ts";

/** Memory at an address that does not change, which is never moved out of the machine's own. */
export interface PinnedMemory {
  readonly bytes: Buffer;
  readonly address: bigint;
  /** Gives it back: nobody may use it any more. */
  release(): void;
}

/** All of them fail with NativeError. */
export interface DeviceCalls {
  /**
   * ioctl(2) with a structure, which is read, and written where the call does so.
   * @returns what the driver returned
   */
  ioctl(descriptor: number, request: number, argument: Uint8Array): number;
  /** @param device an open device that gives such memory; without it, memory of the process is locked */
  pinnedMemory(length: number, device?: number): PinnedMemory;
}

/** Calls to device drivers, or why there are none. */
export type DevicePart = { readonly calls: DeviceCalls } | { readonly calls: null; readonly reason: string };

let loaded: Promise<DevicePart> | undefined;

/** Loads them, once. Never fails: what is missing is told. */
export function loadDeviceCalls(): Promise<DevicePart> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<DevicePart> {
  if (process.platform !== "linux") return { calls: null, reason: `it is not made for ${process.platform}` };
  const library = await loadCLibrary();
  return typeof library === "string" ? { calls: null, reason: library } : { calls: new LinuxDeviceCalls(library) };
}

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_PRIVATE_ANONYMOUS_LOCKED = 0x2 | 0x20 | 0x2000;
/** What mmap returns when it fails, as signed and as unsigned number. */
const failed: ReadonlySet<bigint> = new Set([-1n, 0xffff_ffff_ffff_ffffn]);

class LinuxDeviceCalls implements DeviceCalls {
  readonly #library: CLibrary;

  constructor(library: CLibrary) {
    this.#library = library;
  }

  ioctl(descriptor: number, request: number, argument: Uint8Array): number {
    const result = this.#library.ioctl(descriptor, request, argument);
    if (result < 0) throw new NativeError("ioctl", this.#library.errno());
    return result;
  }

  pinnedMemory(length: number, device?: number): PinnedMemory {
    const flags = device === undefined ? MAP_PRIVATE_ANONYMOUS_LOCKED : MAP_SHARED;
    const address = this.#library.mmap(length, PROT_READ_WRITE, flags, device ?? -1);
    if (failed.has(address)) throw new NativeError("mmap", this.#library.errno());
    return {
      bytes: Buffer.from(this.#library.view(address, length)),
      address,
      release: () => void this.#library.munmap(address, length),
    };
  }
}
