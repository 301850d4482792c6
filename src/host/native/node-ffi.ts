/** The C library by `node:ffi`, which newer Nodes have (from 26.1 on, as an experiment that says so when it is used). */
import type { CLibrary, SocketMessage } from "./c-library.ts";

interface Signature {
  readonly arguments: readonly string[];
  readonly return: string;
}

type CFunction = (...args: readonly unknown[]) => unknown;

/** The part of the module that is used. */
interface NodeFfi {
  dlopen(
    path: string | null,
    definitions: Readonly<Record<string, Signature>>,
  ): { readonly functions: Readonly<Record<string, CFunction>> };
  getRawPointer(source: ArrayBuffer | Uint8Array): bigint;
  getInt32(address: bigint, offset: number): number;
  toArrayBuffer(address: bigint, length: number, copy: boolean): ArrayBuffer;
}

const int = "int32";
const long = "int64";
const pointer = "pointer";

const signatures = {
  getsockopt: { arguments: [int, int, int, pointer, pointer], return: int },
  fcntl: { arguments: [int, int, int], return: int },
  sendmsg: { arguments: [int, pointer, int], return: long },
  recvmsg: { arguments: [int, pointer, int], return: long },
  socketpair: { arguments: [int, int, int, pointer], return: int },
  ioctl: { arguments: [int, "uint64", pointer], return: int },
  mmap: { arguments: [pointer, "uint64", int, int, int, long], return: pointer },
  munmap: { arguments: [pointer, "uint64"], return: int },
  __errno_location: { arguments: [], return: pointer },
} satisfies Readonly<Record<string, Signature>>;

/** @returns why there is none, as a text */
export function loadNodeFfi(): CLibrary | string {
  try {
    const builtin = (process as { getBuiltinModule?: (name: string) => unknown }).getBuiltinModule;
    const module = builtin?.call(process, "node:ffi") as NodeFfi | undefined;
    return module === undefined ? "this Node has no node:ffi" : bind(module);
  } catch (error) {
    return `node:ffi does not work: ${(error as Error).message}`;
  }
}

function bind(ffi: NodeFfi): CLibrary {
  const { functions } = ffi.dlopen(null, signatures);
  const call = (name: keyof typeof signatures, ...args: readonly unknown[]): number =>
    Number(functions[name]?.(...args));
  const message = new MessageMemory(ffi);
  const mmap = functions.mmap as CFunction;
  const errnoAt = functions.__errno_location as () => bigint;
  return {
    getsockopt: (fd, level, name, value, length) =>
      withCopies(ffi, [value, length], (at) => call("getsockopt", fd, level, name, ...at)),
    fcntl: (fd, command, argument) => call("fcntl", fd, command, argument),
    sendmsg(fd, sent, flags) {
      message.fill(sent);
      return call("sendmsg", fd, message.address, flags);
    },
    recvmsg(fd, received, flags) {
      message.fill(received);
      const result = call("recvmsg", fd, message.address, flags);
      return { result, flags: message.takeInto(received) };
    },
    socketpair: (domain, type, protocol, ends) =>
      withCopies(ffi, [ends], (at) => call("socketpair", domain, type, protocol, ...at)),
    ioctl: (fd, request, argument) => withCopies(ffi, [argument], (at) => call("ioctl", fd, BigInt(request), ...at)),
    mmap: (length, access, flags, fd) => BigInt.asUintN(64, mmap(0n, BigInt(length), access, flags, fd, 0n) as bigint),
    munmap: (address, length) => call("munmap", address, BigInt(length)),
    view: (address, length) => ffi.toArrayBuffer(address, length, false),
    errno: () => ffi.getInt32(errnoAt(), 0),
  };
}

/**
 * Calls with the addresses of copies of arrays, in memory that stays where it is, and writes back what has become of
 * these: arrays of JavaScript's may be moved.
 */
function withCopies(
  ffi: NodeFfi,
  arrays: readonly Uint8Array[],
  call: (addresses: readonly bigint[]) => number,
): number {
  const copies = arrays.map((array) => {
    const copy = new Uint8Array(new ArrayBuffer(Math.max(array.length, 1)));
    copy.set(array);
    return copy;
  });
  const result = call(copies.map(({ buffer }) => ffi.getRawPointer(buffer)));
  for (const [index, array] of arrays.entries()) array.set(copies[index]?.subarray(0, array.length) ?? []);
  return result;
}

/** Where the parts of a message lie, on systems of 64 bits: struct msghdr, struct iovec, the byte, the control data. */
const layout = { iovec: 56, byte: 72, control: 80, end: 80 + 256 } as const;
const header = { iov: 16, iovCount: 24, control: 32, controlLength: 40, flags: 48 } as const;

class MessageMemory {
  readonly address: bigint;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(ffi: NodeFfi) {
    const memory = new ArrayBuffer(layout.end);
    this.address = ffi.getRawPointer(memory);
    this.#bytes = new Uint8Array(memory);
    this.#view = new DataView(memory);
  }

  fill({ byte, control, controlLength }: SocketMessage): void {
    this.#bytes.fill(0);
    this.#bytes.set(byte, layout.byte);
    this.#bytes.set(control, layout.control);
    this.#size(header.iov, this.address + BigInt(layout.iovec));
    this.#size(header.iovCount, 1n);
    this.#size(header.control, this.address + BigInt(layout.control));
    this.#size(header.controlLength, BigInt(controlLength));
    this.#size(layout.iovec, this.address + BigInt(layout.byte));
    this.#size(layout.iovec + 8, BigInt(byte.length));
  }

  /** @returns the message's flags */
  takeInto({ byte, control }: SocketMessage): number {
    byte.set(this.#bytes.subarray(layout.byte, layout.byte + byte.length));
    control.set(this.#bytes.subarray(layout.control, layout.control + control.length));
    return this.#view.getInt32(header.flags, isLittle);
  }

  #size(at: number, value: bigint): void {
    this.#view.setBigUint64(at, value, isLittle);
  }
}

/** The byte order of the machine. */
const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
