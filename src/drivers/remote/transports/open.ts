/** Opens the byte connection to a daemon, by whatever way the URI names. */
import { duplexTransport, type Transport } from "../../../rpc/transport.ts";
import { findDaemonSocket } from "../daemon-socket.ts";
import { connectOrStart } from "../daemon-start.ts";
import type { RemoteUri } from "../target.ts";
import { connectCommand } from "./child.ts";
import { connectTcp } from "./socket.ts";
import { sshCommand } from "./ssh.ts";
import { connectTls } from "./tls.ts";

/** A byte connection, and how far it can be trusted. */
export interface Channel {
  readonly transport: Transport;
  /** Whether the bytes are encrypted by us; ssh does that by itself, and counts as local. */
  readonly encrypted: boolean;
  /** Whether the bytes do not leave the machine, as far as we can see. */
  readonly local: boolean;
}

export interface ChannelOptions {
  readonly readOnly: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Connects. @throws {LibvirtError} of the domains RPC and REMOTE */
export async function openChannel({ target, name }: RemoteUri, options: ChannelOptions): Promise<Channel> {
  const { readOnly, signal } = options;
  switch (target.transport) {
    case "unix": {
      const found = await findDaemonSocket(target, { readOnly });
      const socket = await connectOrStart(found, target, signal);
      return { transport: duplexTransport(socket), encrypted: false, local: true };
    }
    case "tcp": {
      const socket = await connectTcp(target.host, target.port, signal);
      return { transport: duplexTransport(socket), encrypted: false, local: false };
    }
    case "tls": {
      const socket = await connectTls(target, signal);
      return { transport: duplexTransport(socket), encrypted: true, local: false };
    }
    case "ssh": {
      const child = await connectCommand(sshCommand(target, { readOnly, name }), signal);
      return { transport: duplexTransport(child), encrypted: false, local: true };
    }
    case "ext": {
      const child = await connectCommand([target.command], signal);
      return { transport: duplexTransport(child), encrypted: false, local: true };
    }
  }
}
