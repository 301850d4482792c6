/** The system calls themselves. */
import { closeSync } from "node:fs";
import { getSystemErrorMap } from "node:util";
import type { CLibrary, SocketMessage } from "./c-library.ts";
import { loadCLibrary } from "./load.ts";

/** Who opened a connection to a unix socket, as the kernel noted it then. */
export interface PeerCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** A failed system call. */
export class NativeError extends Error {
  override readonly name = "NativeError";
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;

  constructor(syscall: string, errno: number) {
    const [code, message] = getSystemErrorMap().get(-errno) ?? [`E${errno}`, "unknown error"];
    super(`${syscall}: ${message}`);
    this.code = code;
    this.errno = errno;
    this.syscall = syscall;
  }
}

/** All of them take descriptors that belong to the caller, and fail with NativeError. */
export interface Native {
  peerCredentials(socket: number): PeerCredentials;
  /** Another descriptor of the same open file, which belongs to the caller and which no child inherits. */
  duplicate(descriptor: number): number;
  /** Sends one byte, 0 unless given, with an open file. False: the socket takes no more now. */
  sendDescriptor(socket: number, descriptor: number, byte?: number): boolean;
  /**
   * Takes one byte and the open file that came with it, which belongs to the caller and which no child inherits. Null:
   * there is nothing yet; `end`: the connection is over. A byte that comes with no file, or with several, fails.
   */
  receiveDescriptor(socket: number): number | null | "end";
  /** Two ends of a connection, which belong to the caller and which no child inherits. */
  socketPair(): readonly [number, number];
}

/** The native part, or why there is none. */
export type NativePart = { readonly native: Native } | { readonly native: null; readonly reason: string };

let loaded: Promise<NativePart> | undefined;

/** Loads the native part, once. Never fails: what is missing is told. */
export function loadNative(): Promise<NativePart> {
  loaded ??= load();
  return loaded;
}

/** Systems whose numbers and structures are the ones below. */
const architectures: ReadonlySet<string> = new Set(["x64", "arm64", "riscv64", "loong64", "s390x"]);

async function load(): Promise<NativePart> {
  if (process.platform !== "linux" || !architectures.has(process.arch)) {
    return { native: null, reason: `it is not made for ${process.platform} on ${process.arch}` };
  }
  const library = await loadCLibrary();
  return typeof library === "string" ? { native: null, reason: library } : { native: new LinuxNative(library) };
}

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const SCM_RIGHTS = 1;
const F_DUPFD_CLOEXEC = 1030;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const MSG_CMSG_CLOEXEC = 0x40000000;
const MSG_CTRUNC = 0x8;
const EINTR = 4;
const EAGAIN = 11;

/** struct cmsghdr on systems of 64 bits: length (8), level (4), type (4), then the descriptors. */
const controlHeader = 16;
/** Room for more descriptors than may come, so that those that should not have are seen and closed. */
const controlLength = controlHeader + 4 * 8;

/** Every call that the C library is needed for. */
export class LinuxNative implements Native {
  readonly #library: CLibrary;
  readonly #byte = Buffer.alloc(1);
  readonly #control = Buffer.alloc(controlLength);

  constructor(library: CLibrary) {
    this.#library = library;
  }

  peerCredentials(socket: number): PeerCredentials {
    const value = new Uint32Array(3);
    const bytes = new Uint8Array(value.buffer);
    const length = Buffer.alloc(4);
    writeInt(length, bytes.length, 0);
    this.#check("getsockopt", () => this.#library.getsockopt(socket, SOL_SOCKET, SO_PEERCRED, bytes, length));
    const [pid = 0, uid = 0, gid = 0] = value;
    return { pid: pid | 0, uid, gid };
  }

  duplicate(descriptor: number): number {
    return this.#check("fcntl", () => this.#library.fcntl(descriptor, F_DUPFD_CLOEXEC, 3));
  }

  sendDescriptor(socket: number, descriptor: number, byte = 0): boolean {
    this.#byte[0] = byte;
    const control = this.#control.fill(0);
    writeSize(control, controlHeader + 4, 0);
    writeInt(control, SOL_SOCKET, 8);
    writeInt(control, SCM_RIGHTS, 12);
    writeInt(control, descriptor, controlHeader);
    const message = this.#message(controlHeader + 8);
    const sent = this.#attempt("sendmsg", () => this.#library.sendmsg(socket, message, MSG_DONTWAIT | MSG_NOSIGNAL));
    return sent !== null;
  }

  receiveDescriptor(socket: number): number | null | "end" {
    this.#control.fill(0);
    const message = this.#message(controlLength);
    let flags = 0;
    const received = this.#attempt("recvmsg", () => {
      const answer = this.#library.recvmsg(socket, message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
      flags = answer.flags;
      return answer.result;
    });
    if (received === null) return null;
    if (received === 0) return "end";
    const descriptors = this.#receivedDescriptors();
    const [descriptor, ...others] = descriptors;
    if (descriptor !== undefined && others.length === 0 && (flags & MSG_CTRUNC) === 0) return descriptor;
    for (const one of descriptors) closeSync(one);
    throw new Error(`${descriptors.length} descriptors came where one was announced`);
  }

  socketPair(): readonly [number, number] {
    const ends = Buffer.alloc(8);
    this.#check("socketpair", () => this.#library.socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
    return [readInt(ends, 0), readInt(ends, 4)];
  }

  #receivedDescriptors(): number[] {
    const control = this.#control;
    const length = readSize(control, 0);
    if (readInt(control, 8) !== SOL_SOCKET || readInt(control, 12) !== SCM_RIGHTS) return [];
    const count = Math.max(0, Math.floor((Math.min(length, control.length) - controlHeader) / 4));
    return Array.from({ length: count }, (_, index) => readInt(control, controlHeader + 4 * index));
  }

  /** One byte, with the control buffer. */
  #message(length: number): SocketMessage {
    return { byte: this.#byte, control: this.#control, controlLength: length };
  }

  #check(syscall: string, call: () => number): number {
    const result = this.#attempt(syscall, call);
    if (result === null) throw new NativeError(syscall, EAGAIN);
    return result;
  }

  /** The result of a call; null when it would have to wait. */
  #attempt(syscall: string, call: () => number): number | null {
    for (;;) {
      const result = call();
      if (result >= 0) return result;
      const errno = this.#library.errno();
      if (errno === EAGAIN) return null;
      if (errno !== EINTR) throw new NativeError(syscall, errno);
    }
  }
}

/** The byte order of the machine. */
const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function writeInt(bytes: Uint8Array, value: number, at: number): void {
  viewOf(bytes).setInt32(at, value, isLittle);
}

function readInt(bytes: Uint8Array, at: number): number {
  return viewOf(bytes).getInt32(at, isLittle);
}

function writeSize(bytes: Uint8Array, value: number, at: number): void {
  viewOf(bytes).setBigUint64(at, BigInt(value), isLittle);
}

function readSize(bytes: Uint8Array, at: number): number {
  return Number(viewOf(bytes).getBigUint64(at, isLittle));
}
