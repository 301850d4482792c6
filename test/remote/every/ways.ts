/** The ways to a daemon, each to one of its own: a unix socket, TCP with a password, TLS with a certificate, ssh. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { AuthCallback } from "../../../src/driver/module.ts";
import { ConnectCredentialType } from "../../../src/protocol/index.ts";
import { Authority, certtool, pkiFolder } from "../certificates.ts";
import { Libvirtd } from "../libvirtd.ts";
import { Recorder } from "../recorder.ts";
import { saslDatabase, saslFiles, saslpasswd } from "../sasl.ts";
import { Sshd, sshPrograms } from "../sshd.ts";
import { type Kind, paths } from "./record.ts";

export interface Way extends AsyncDisposable {
  uri(kind: Kind): string;
  readonly auth?: AuthCallback;
  /** What goes over the wire, where it can be seen. */
  readonly recorder?: Recorder;
  /** What `connectIsSecure` answers: whether nobody can listen. */
  readonly secure: number;
}

export type WayName = "unix" | "tcp" | "tls" | "ssh";

/** The programs that a way takes beside the daemon. */
export const programsOf: { readonly [N in WayName]: readonly string[] } = {
  unix: [],
  tcp: [saslpasswd, "/usr/bin/nsenter", "/usr/bin/nc"],
  tls: [certtool, "/usr/bin/nsenter", "/usr/bin/nc"],
  ssh: sshPrograms,
};

/** Opens a way; `folder` is for its files. */
export async function openWay(name: WayName, folder: string): Promise<Way> {
  await mkdir(folder, { recursive: true });
  return { unix, tcp, tls, ssh }[name](folder);
}

async function unix(folder: string): Promise<Way> {
  const daemon = await Libvirtd.start({ network: true });
  const recorder = await Recorder.start(join(folder, "socket"), daemon.socket);
  return {
    uri: (kind) => `${kind}+unix://${paths[kind]}?socket=${recorder.path}`,
    recorder,
    secure: 1,
    async [Symbol.asyncDispose]() {
      await recorder.stop();
      await daemon.stop();
    },
  };
}

const listening = (way: "tcp" | "tls", port: number) => [
  `listen_tcp = ${way === "tcp" ? 1 : 0}`,
  `listen_tls = ${way === "tls" ? 1 : 0}`,
  `${way}_port = "${port}"`,
  'listen_addr = "127.0.0.1"',
];

/** In the daemon's own network every port is free. */
const port = 16599;

async function tcp(folder: string): Promise<Way> {
  const { AUTHNAME, PASSPHRASE } = ConnectCredentialType;
  const passwords = await saslDatabase(folder, "fred", "geheim");
  const conf = [...listening("tcp", port), 'auth_tcp = "sasl"'].join("\n");
  // Over TCP libvirtd wants a mechanism that seals what follows.
  const files = saslFiles(passwords, "digest-md5");
  const daemon = await Libvirtd.start({ network: true, args: ["-l"], conf, files });
  const door = await Door.open(await daemon.pid());
  return {
    uri: (kind) => `${kind}+tcp://localhost:${door.port}${paths[kind]}?auth=sasl.digest-md5`,
    auth: {
      credentialTypes: [AUTHNAME, PASSPHRASE],
      answer: (requests) => requests.map(({ type }) => (type === AUTHNAME ? "fred" : "geheim")),
    },
    secure: 1,
    async [Symbol.asyncDispose]() {
      await door.close();
      await daemon.stop();
    },
  };
}

async function tls(folder: string): Promise<Way> {
  const ca = await Authority.create(join(folder, "ca"));
  const [server, client] = await Promise.all([
    ca.issue("server", ['cn = "localhost"', 'dns_name = "localhost"', "tls_www_server"]),
    ca.issue("client", ['cn = "client"', "tls_www_client"]),
  ]);
  const pki = await pkiFolder(join(folder, "pki"), ca.cert, client);
  const certificates = [`ca_file = "${ca.cert}"`, `cert_file = "${server.cert}"`, `key_file = "${server.key}"`];
  const conf = [...listening("tls", port), ...certificates].join("\n");
  const daemon = await Libvirtd.start({ network: true, args: ["-l"], conf });
  const door = await Door.open(await daemon.pid());
  return {
    uri: (kind) => `${kind}+tls://localhost:${door.port}${paths[kind]}?pkipath=${pki}`,
    secure: 1,
    async [Symbol.asyncDispose]() {
      await door.close();
      await daemon.stop();
    },
  };
}

async function ssh(folder: string): Promise<Way> {
  const [daemon, sshd] = await Promise.all([Libvirtd.start({ network: true }), Sshd.start(folder)]);
  const params = [
    ...[`keyfile=${folder}/key`, "no_tty=1", `known_hosts=${folder}/known`],
    ...[`socket=${daemon.socket}`, "proxy=netcat"],
  ].join("&");
  return {
    uri: (kind) => `${kind}+ssh://${userInfo().username}@localhost:${sshd.port}${paths[kind]}?${params}`,
    secure: 1,
    async [Symbol.asyncDispose]() {
      await Promise.all([sshd.stop(), daemon.stop()]);
    },
  };
}

/** A port here that leads to the daemon's in its own network. */
class Door {
  readonly #server: Server;
  readonly #children = new Set<ReturnType<typeof spawn>>();

  private constructor(pid: number) {
    this.#server = createServer((socket) => {
      const words = ["-t", String(pid), "-n", "nc", "127.0.0.1", String(port)];
      const child = spawn("nsenter", words, { stdio: ["pipe", "pipe", "inherit"] });
      this.#children.add(child);
      child.once("exit", () => this.#children.delete(child));
      for (const stream of [socket, child.stdin, child.stdout]) stream.on("error", () => {});
      socket.pipe(child.stdin);
      child.stdout.pipe(socket);
    });
  }

  static async open(pid: number): Promise<Door> {
    const door = new Door(pid);
    door.#server.listen(0, "127.0.0.1");
    await once(door.#server, "listening");
    return door;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.close();
    const gone = [...this.#children].map((child) => once(child, "exit"));
    for (const child of this.#children) child.kill();
    await Promise.all(gone);
  }
}
