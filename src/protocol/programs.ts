/** A program of the wire protocol: the first two words of each message header say which one it belongs to. */
export interface Program {
  readonly name: "remote" | "qemu" | "lxc" | "admin" | "keepalive";
  readonly number: number;
  readonly version: number;
}

/** libvirt's API. */
export const remoteProgram: Program = { name: "remote", number: 0x20008086, version: 1 };
/** Functions that only the QEMU driver has, on the same socket. */
export const qemuProgram: Program = { name: "qemu", number: 0x20008087, version: 1 };
/** Functions that only the LXC driver has, on the same socket. */
export const lxcProgram: Program = { name: "lxc", number: 0x00068000, version: 1 };
/** Control over the daemon itself, on a socket of its own. */
export const adminProgram: Program = { name: "admin", number: 0x06900690, version: 1 };
/** Signs of life between client and daemon, on the same socket: messages without a body and without a reply. */
export const keepaliveProgram: Program = { name: "keepalive", number: 0x6b656570, version: 1 };

export const programs: readonly Program[] = [remoteProgram, qemuProgram, lxcProgram, adminProgram, keepaliveProgram];

/** Procedures of the keepalive program. A peer answers each ping with a pong. */
export const KeepaliveProcedure = { PING: 1, PONG: 2 } as const;
export type KeepaliveProcedure = (typeof KeepaliveProcedure)[keyof typeof KeepaliveProcedure];
