/** Calls to device drivers (ioctl), and memory that they can work on. */
import { type CFunction, type Koffi, loadKoffi } from "./koffi.ts";
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
  const koffi = await loadKoffi();
  if (typeof koffi === "string") return { calls: null, reason: koffi };
  try {
    return { calls: new LinuxDeviceCalls(koffi) };
  } catch (error) {
    return { calls: null, reason: `the C library does not have what it takes: ${(error as Error).message}` };
  }
}

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_PRIVATE_ANONYMOUS_LOCKED = 0x2 | 0x20 | 0x2000;
/** What mmap returns when it fails, as signed and as unsigned number. */
const failed: ReadonlySet<bigint> = new Set([-1n, 0xffff_ffff_ffff_ffffn]);

class LinuxDeviceCalls implements DeviceCalls {
  readonly #koffi: Koffi;
  readonly #ioctl: CFunction;
  readonly #mmap: (...args: readonly unknown[]) => unknown;
  readonly #munmap: CFunction;

  constructor(koffi: Koffi) {
    this.#koffi = koffi;
    const library = koffi.load(null);
    this.#ioctl = library.func("int ioctl(int fd, unsigned long request, _Inout_ uint8_t *argument)");
    this.#mmap = library.func("uintptr_t mmap(void *at, size_t length, int access, int flags, int fd, long offset)");
    this.#munmap = library.func("int munmap(uintptr_t at, size_t length)");
  }

  ioctl(descriptor: number, request: number, argument: Uint8Array): number {
    const result = this.#ioctl(descriptor, request, argument);
    if (result < 0) throw new NativeError("ioctl", this.#koffi.errno());
    return result;
  }

  pinnedMemory(length: number, device?: number): PinnedMemory {
    const flags = device === undefined ? MAP_PRIVATE_ANONYMOUS_LOCKED : MAP_SHARED;
    const address = BigInt(this.#mmap(null, length, PROT_READ_WRITE, flags, device ?? -1, 0) as number | bigint);
    if (failed.has(address)) throw new NativeError("mmap", this.#koffi.errno());
    return {
      bytes: Buffer.from(this.#koffi.view(address, length)),
      address,
      release: () => void this.#munmap(address, length),
    };
  }
}
