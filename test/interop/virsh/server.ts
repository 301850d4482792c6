/** Servers whose made-up node is as new for whoever comes next: it goes with its last client. */
import { once } from "node:events";
import { connect } from "node:net";
import type { TestContext } from "node:test";
import { duplexTransport, RpcClient } from "../../../src/rpc/index.ts";
import { Tsvirtd } from "../../helpers/tsvirtd.ts";
import { Libvirtd } from "../../remote/libvirtd.ts";

export interface Server {
  /** The URI that stands for `test:///default`. */
  readonly uri: string;
  /** Waits until nobody is connected any more: clients do not wait for the server's end of their connection. */
  forgotten(): Promise<void>;
}

/** A libvirtd of libvirt's own. */
export async function cServer(t: TestContext): Promise<Server> {
  const daemon = await Libvirtd.start();
  const clients = await Clients.of(daemon.socket.replace("libvirt-sock", "libvirt-admin-sock"));
  t.after(async () => {
    await clients.close();
    await daemon.stop();
  });
  return { uri: daemon.uri(), forgotten: () => clients.gone() };
}

export async function tsServer(t: TestContext): Promise<Server> {
  const daemon = await Tsvirtd.start(t);
  const clients = await Clients.of(daemon.socket("libvirt-admin-sock"));
  t.after(() => clients.close());
  return { uri: daemon.uri(), forgotten: () => clients.gone() };
}

/** The clients of a server, asked of its admin program. */
class Clients {
  readonly #admin: RpcClient;
  readonly #name: string;

  private constructor(admin: RpcClient, name: string) {
    this.#admin = admin;
    this.#name = name;
  }

  static async of(socket: string): Promise<Clients> {
    const connection = connect(socket);
    await once(connection, "connect");
    const admin = new RpcClient(duplexTransport(connection), { onEvent: () => {} });
    await admin.call("adminConnectOpen", { flags: 0 });
    const { servers } = await admin.call("adminConnectListServers", { needResults: 1, flags: 0 });
    return new Clients(admin, servers.find(({ name }) => name !== "admin")?.name ?? "");
  }

  async gone(): Promise<void> {
    const srv = { name: this.#name };
    for (let left = 1; left > 0; ) {
      left = (await this.#admin.call("adminServerListClients", { srv, needResults: 1, flags: 0 })).clients.length;
    }
  }

  close(): Promise<void> {
    return this.#admin.close();
  }
}
