/**
 * A stand-in for xend, which no system has any more: it holds the conversations that its documentation describes, over a
 * unix socket or TCP, with domains that exist in its memory alone.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { formatSexpr, parseSexpr, type Sexpr, wordAfter } from "../../src/model/xen/index.ts";

interface StandInDomain {
  readonly id: number;
  readonly config: Sexpr[];
  state: "r-----" | "--p---" | "---s--";
  /** What was written into its file when it was saved. */
  reason?: string;
}

type Operation = (domain: StandInDomain, form: URLSearchParams) => string;

const host: StandInDomain = {
  id: 0,
  config: [
    "domain",
    ["name", "Domain-0"],
    ["uuid", "00000000-0000-0000-0000-000000000000"],
    ["memory", "1024"],
    ["vcpus", "1"],
  ],
  state: "r-----",
};

export class XendStandIn {
  readonly #server: Server;
  readonly #domains = new Map<string, StandInDomain>([["Domain-0", host]]);
  readonly #saved = new Map<string, Sexpr[]>();
  #nextId = 1;
  /** Every request, as `METHOD path operation`. */
  readonly asked: string[] = [];
  /** Operations that fail, with what is said then. */
  readonly failing = new Map<string, string>();
  /** Operations that are never answered. */
  readonly silent = new Set<string>();

  constructor() {
    this.#server = createServer((asked, answer) => {
      void this.#answer(asked).then((said) => {
        if (said === null) return;
        const [status, body] = said;
        answer.writeHead(status, { "Content-Type": "application/sxp" }).end(body);
      });
    });
  }

  /** Listens on a socket, or on a free port of this machine, whose number it gives. */
  async listen(socket?: string): Promise<number> {
    if (socket === undefined) this.#server.listen(0, "127.0.0.1");
    else this.#server.listen(socket);
    await once(this.#server, "listening");
    return socket === undefined ? (this.#server.address() as AddressInfo).port : 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** The configuration that a domain has by now. */
  configOf(name: string): Sexpr[] | undefined {
    return this.#domains.get(name)?.config;
  }

  /** The guest ends by itself. */
  guestEnds(name: string, reason: string): void {
    const domain = this.#domains.get(name);
    if (domain === undefined) throw new Error(`no domain ${name}`);
    Object.assign(domain, { state: "---s--", reason });
  }

  async #answer(asked: IncomingMessage): Promise<[number, string] | null> {
    const url = new URL(asked.url ?? "/", "http://xend");
    const form = new URLSearchParams(await textOf(asked));
    const op = form.get("op") ?? "";
    this.asked.push(`${asked.method} ${url.pathname} ${op}`.trim());
    if (this.silent.has(op)) return null;
    const failure = this.failing.get(op);
    if (failure !== undefined) return [500, `(xend.err '${failure}')`];
    const [, name] = /^\/xend\/domain\/?([^/]*)$/.exec(url.pathname) ?? [];
    if (name === undefined) return [404, "no such place"];
    if (name === "") return this.#answerForAll(asked.method ?? "", op, form);
    const domain = this.#find(decodeURIComponent(name));
    if (domain === undefined) return [404, "no such domain"];
    if (asked.method === "GET") return [200, formatSexpr(describe(domain))];
    const operation = this.#operations[op];
    return operation === undefined ? [500, `(xend.err 'unknown operation ${op}')`] : [200, operation(domain, form)];
  }

  #answerForAll(method: string, op: string, form: URLSearchParams): [number, string] {
    if (method === "GET") return [200, formatSexpr([...this.#domains.keys()])];
    if (op === "create") return this.#create(parseSexpr(form.get("config") ?? "") as Sexpr[], "--p---");
    const saved = this.#saved.get(form.get("file") ?? "");
    if (op === "restore" && saved !== undefined) return this.#create(saved, "r-----");
    return [500, "(xend.err 'Restore failed')"];
  }

  #create(config: Sexpr[], state: StandInDomain["state"]): [number, string] {
    const name = wordAfter(config, "name") ?? "";
    if (this.#domains.has(name)) return [500, `(xend.err "Error creating domain: VM name '${name}' already exists")`];
    const domain = { id: this.#nextId++, config, state };
    this.#domains.set(name, domain);
    return [200, formatSexpr(describe(domain))];
  }

  #find(name: string): StandInDomain | undefined {
    return this.#domains.get(name) ?? [...this.#domains.values()].find(({ id }) => String(id) === name);
  }

  readonly #end = (domain: StandInDomain): string => {
    this.#domains.delete(wordAfter(domain.config, "name") ?? "");
    return "";
  };

  readonly #operations: Readonly<Record<string, Operation>> = {
    wait_for_devices: () => "",
    pause: (domain) => {
      domain.state = "--p---";
      return "";
    },
    unpause: (domain) => {
      domain.state = "r-----";
      return "";
    },
    destroy: this.#end,
    shutdown: (domain, form) => {
      Object.assign(domain, { state: "---s--", reason: form.get("reason") });
      return "";
    },
    save: (domain, form) => {
      this.#saved.set(form.get("file") ?? "", domain.config);
      return this.#end(domain);
    },
    dump: () => "",
    migrate: this.#end,
    set_vcpus: (domain, form) => set(domain, "online_vcpus", form.get("vcpus")),
    pinvcpu: (domain, form) => set(domain, `pin ${form.get("vcpu")}`, form.get("cpumap")),
    mem_target_set: (domain, form) => set(domain, "memory", form.get("target")),
    maxmem_set: (domain, form) => set(domain, "maxmem", form.get("memory")),
    domain_sched_credit_set: (domain, form) => {
      set(domain, "cpu_weight", form.get("weight"));
      return set(domain, "cpu_cap", form.get("cap"));
    },
    device_create: (domain, form) => {
      domain.config.push(["device", parseSexpr(form.get("config") ?? "()")]);
      return "";
    },
    device_configure: (domain, form) => set(domain, `medium of ${form.get("dev")}`, form.get("config")),
    device_destroy: (domain, form) => {
      const at = domain.config.findIndex((one) => isDevice(one, form.get("type"), form.get("dev")));
      if (at === -1) return "(xend.err 'Device not connected')";
      domain.config.splice(at, 1);
      return "";
    },
  };
}

function isDevice(one: Sexpr, type: string | null, dev: string | null): boolean {
  const [word, device] = typeof one === "string" ? [] : one;
  if (word !== "device" || device === undefined || typeof device === "string" || device[0] !== type) return false;
  return type === "vif" ? dev === "0" : wordAfter(device, "dev")?.split(":")[0] === dev;
}

function set({ config }: StandInDomain, name: string, value: string | null): string {
  const at = config.findIndex((one) => typeof one !== "string" && one[0] === name);
  if (value !== null) config.splice(at === -1 ? config.length : at, at === -1 ? 0 : 1, [name, value]);
  return "";
}

function describe({ id, config, state, reason }: StandInDomain): Sexpr {
  const [, ...said] = config;
  const ended: Sexpr[] = reason === undefined ? [] : [["shutdown_reason", reason]];
  return ["domain", ["domid", String(id)], ...said, ["state", state], ["cpu_time", "1.5"], ...ended];
}

async function textOf(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message.setEncoding("utf8") as AsyncIterable<string>) text += chunk;
  return text;
}
