/** The functions of the C library that are used. */

/** What goes through a socket with a message: one byte, and control data beside it. */
export interface SocketMessage {
  readonly byte: Uint8Array;
  readonly control: Uint8Array;
  /** How many bytes of `control` are sent, or may be received. */
  readonly controlLength: number;
}

/** All of them return what their namesakes do; a failed one returns -1, and the next call is {@link errno}. */
export interface CLibrary {
  /** @param length the length of `value`, and then what was written of it, as 4 bytes of the machine's order */
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array): number;
  fcntl(fd: number, command: number, argument: number): number;
  sendmsg(fd: number, message: SocketMessage, flags: number): number;
  /** Writes into the message's arrays. */
  recvmsg(fd: number, message: SocketMessage, flags: number): { readonly result: number; readonly flags: number };
  /** @param ends room for two descriptors of 4 bytes */
  socketpair(domain: number, type: number, protocol: number, ends: Uint8Array): number;
  ioctl(fd: number, request: number, argument: Uint8Array): number;
  /** @returns an address; that of all ones is failure */
  mmap(length: number, access: number, flags: number, fd: number): bigint;
  munmap(address: bigint, length: number): number;
  /** The memory at an address, as it is: it must be there as long as the result is used. */
  view(address: bigint, length: number): ArrayBuffer;
  errno(): number;
}
