/** The authenticator that asks nobody for anything: who can connect is in. */
import type { Socket } from "node:net";
import { AuthType } from "../../protocol/index.ts";
import { duplexTransport } from "../../rpc/index.ts";
import type { Authentication, Authenticator } from "./authenticator.ts";

/** For who is in already. */
export const letIn: Authentication = { types: [AuthType.NONE], done: true, identity: {}, handlers: {}, close() {} };

export const openDoor: Authenticator = {
  lacks: [],
  defaultFor: () => "none",
  peerOf: () => null,
  transportOf: (socket: Socket) => duplexTransport(socket),
  begin: () => letIn,
  reload() {},
  async close() {},
};

/** Knows connections as another authenticator does, and asks nobody for anything. */
export function askingNobody(other: Authenticator): Authenticator {
  return {
    ...openDoor,
    peerOf: (socket) => other.peerOf(socket),
    transportOf: (socket, kind) => other.transportOf(socket, kind),
  };
}
