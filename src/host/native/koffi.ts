/** The C library by the optional package koffi. */
import type { CLibrary, SocketMessage } from "./c-library.ts";

type CFunction = (...args: readonly unknown[]) => unknown;

/** The part of koffi that is used. */
interface Koffi {
  load(path: string | null): { func(declaration: string): CFunction };
  struct(name: string, members: Readonly<Record<string, string>>): unknown;
  errno(): number;
  view(address: bigint, length: number): ArrayBuffer;
}

let loaded: Promise<CLibrary | string> | undefined;

/** @returns why there is none, as a text, when it is not installed or does not work here */
export function loadKoffi(): Promise<CLibrary | string> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<CLibrary | string> {
  // By a name that bundlers do not follow: it is optional, and it is not JavaScript alone.
  const name = "koffi";
  let koffi: Koffi;
  try {
    const module = (await import(name)) as { readonly default?: Koffi } & Koffi;
    koffi = module.default ?? module;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") return "the package koffi is not installed";
    return `the package koffi does not work: ${message.split("\n")[0]}`;
  }
  try {
    return bind(koffi);
  } catch (error) {
    return `the C library does not have what it takes: ${(error as Error).message}`;
  }
}

function bind(koffi: Koffi): CLibrary {
  koffi.struct("tsvirt_iovec", { iov_base: "void *", iov_len: "size_t" });
  koffi.struct("tsvirt_msghdr", {
    msg_name: "void *",
    msg_namelen: "uint32_t",
    msg_iov: "tsvirt_iovec *",
    msg_iovlen: "size_t",
    msg_control: "void *",
    msg_controllen: "size_t",
    msg_flags: "int",
  });
  const library = koffi.load(null);
  const number = (declaration: string) => {
    const call = library.func(declaration);
    return (...args: readonly unknown[]): number => Number(call(...args));
  };
  const sendmsg = number("long sendmsg(int fd, tsvirt_msghdr *message, int flags)");
  const recvmsg = number("long recvmsg(int fd, _Inout_ tsvirt_msghdr *message, int flags)");
  const mmap = library.func("uintptr_t mmap(void *at, size_t length, int access, int flags, int fd, long offset)");
  return {
    getsockopt: number("int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint8_t *length)"),
    fcntl: number("int fcntl(int fd, int command, int argument)"),
    sendmsg: (fd, message, flags) => sendmsg(fd, headerOf(message), flags),
    recvmsg(fd, message, flags) {
      const header = headerOf(message);
      const result = recvmsg(fd, header, flags);
      return { result, flags: header.msg_flags };
    },
    socketpair: number("int socketpair(int domain, int type, int protocol, _Out_ uint8_t *ends)"),
    ioctl: number("int ioctl(int fd, unsigned long request, _Inout_ uint8_t *argument)"),
    mmap: (length, access, flags, fd) => BigInt(mmap(null, length, access, flags, fd, 0) as number | bigint),
    munmap: number("int munmap(uintptr_t at, size_t length)"),
    view: (address, length) => koffi.view(address, length),
    errno: () => koffi.errno(),
  };
}

function headerOf({ byte, control, controlLength }: SocketMessage) {
  return {
    msg_name: null,
    msg_namelen: 0,
    msg_iov: [{ iov_base: byte, iov_len: byte.length }],
    msg_iovlen: 1,
    msg_control: control,
    msg_controllen: controlLength,
    msg_flags: 0,
  };
}
