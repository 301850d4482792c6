/** Opens the byte connection to a daemon, by whatever way the URI names. */
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { LibvirtError } from "../../../errors.ts";
import type { SecurityLayer } from "../../../rpc/sasl/index.ts";
import { SecuredTransport } from "../../../rpc/secured-transport.ts";
import { duplexTransport, type Transport } from "../../../rpc/transport.ts";
import { unixTransport } from "../../../rpc/unix-transport.ts";
import { findDaemonSocket } from "../daemon-socket.ts";
import { connectOrStart } from "../daemon-start.ts";
import type { RemoteUri } from "../target.ts";
import { cannotPassFiles, LateNative } from "./late-native.ts";
import { connectTcp } from "./socket.ts";

/** A byte connection, and how far it can be trusted. */
export interface Channel {
  readonly transport: Transport;
  /** Whether the bytes are encrypted by us. */
  readonly encrypted: boolean;
  /** Whether nobody can listen, so far as this side knows: a program of the user's may send the bytes anywhere. */
  readonly isSecure: boolean;
  /** Whether nobody is expected to listen, so that passwords may pass: ssh and other programs see to that. */
  readonly isPrivate: boolean;
  /** Whether we have shown a certificate. */
  readonly hasCertificate: boolean;
  /** Makes ready for open files to go along. @throws {LibvirtError} OPERATION_UNSUPPORTED where they cannot */
  preparePassing(): Promise<void>;
  /** Everything from now on goes through a security layer. */
  secure(layer: SecurityLayer): void;
}

type Traits = Pick<Channel, "encrypted" | "isSecure" | "isPrivate" | "hasCertificate">;

/** A socket of this machine, or ssh. */
const unencrypted: Traits = { encrypted: false, isSecure: true, isPrivate: true, hasCertificate: false };

function noLayer(): never {
  throw new LibvirtError("INTERNAL_ERROR", "RPC", "no security layer is wanted here");
}

async function noPassing(): Promise<void> {
  throw cannotPassFiles("they go through unix sockets only");
}

function channelOver(duplex: Duplex, traits: Traits): Channel {
  return { transport: duplexTransport(duplex), ...traits, secure: noLayer, preparePassing: noPassing };
}

function unixChannel(socket: Socket): Channel {
  const native = new LateNative();
  const transport = unixTransport(socket, native);
  return { transport, ...unencrypted, secure: noLayer, preparePassing: () => native.load() };
}

/** Others can listen to it, until it gets a layer. */
function openChannelOver(duplex: Duplex): Channel {
  const transport = new SecuredTransport(duplexTransport(duplex));
  let encrypted = false;
  return {
    transport,
    get encrypted() {
      return encrypted;
    },
    get isSecure() {
      return encrypted;
    },
    isPrivate: false,
    hasCertificate: false,
    preparePassing: noPassing,
    secure(layer) {
      transport.secure(layer);
      encrypted = true;
    },
  };
}

type Command = readonly [program: string, ...args: string[]];

async function programChannel(command: Command, traits: Traits, signal?: AbortSignal): Promise<Channel> {
  const { connectCommand } = await import("./child.ts");
  return channelOver(await connectCommand(command, signal), traits);
}

export interface ChannelOptions {
  readonly readOnly: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Connects; each way is loaded when it is first gone. @throws {LibvirtError} of the domains RPC and REMOTE */
export async function openChannel({ target, name }: RemoteUri, options: ChannelOptions): Promise<Channel> {
  const { readOnly, signal } = options;
  switch (target.transport) {
    case "unix": {
      const found = await findDaemonSocket(target, { readOnly });
      const socket = await connectOrStart(found, target, signal);
      return unixChannel(socket);
    }
    case "tcp": {
      return openChannelOver(await connectTcp(target.host, target.port, signal));
    }
    case "tls": {
      const { connectTls } = await import("./tls.ts");
      const { socket, hasCertificate } = await connectTls(target, signal);
      return channelOver(socket, { encrypted: true, isSecure: true, isPrivate: true, hasCertificate });
    }
    case "ssh": {
      const { sshCommand } = await import("./ssh.ts");
      return programChannel(sshCommand(target, { readOnly, name }), unencrypted, signal);
    }
    case "ext": {
      return programChannel([target.command], { ...unencrypted, isSecure: false }, signal);
    }
  }
}
