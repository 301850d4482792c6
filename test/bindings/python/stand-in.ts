/**
 * A stand-in for a daemon: it answers every procedure with made-up values of the right types, and writes down what it is
 * asked. A procedure fails when one of its texts is "fail" and the procedure's name.
 */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { LibvirtError } from "../../../src/errors.ts";
import {
  type AnyEvent,
  type AnyProcedure,
  ConnectFeature,
  events,
  qemuProgram,
  remoteProgram,
  TypedParameterType,
} from "../../../src/protocol/index.ts";
import type { Type } from "../../../src/protocol/xdr/index.ts";
import { duplexTransport, RpcServerPeer } from "../../../src/rpc/index.ts";
import { shortFolder } from "../../helpers/tsvirtd.ts";

type Args = Readonly<Record<string, unknown>>;

/** The last step at a migration's destination: what was cancelled has not come. */
function finish({ cancelled }: Args): unknown {
  if (cancelled !== 0) throw new LibvirtError("MIGRATE_FINISH_OK", "QEMU", "nothing has come");
  return { dom: { name: "new", uuid: new Uint8Array(16), id: 7 }, cookieOut: Uint8Array.of(5) };
}

/** Answers that the client's own library looks into, or that end a conversation when they are anything. */
const answers: Readonly<Record<string, (args: Args) => unknown>> = {
  authList: () => ({ types: [] }),
  connectOpen: () => undefined,
  connectClose: () => undefined,
  connectIsSecure: () => ({ secure: 1 }),
  nodeGetSevInfo: () => ({ params: parameters, nparams: 2 }),
  domainBlockPeek: ({ size }) => ({ buffer: new Uint8Array(Number(size)).fill(7) }),
  domainMemoryPeek: ({ size }) => ({ buffer: new Uint8Array(Number(size)).fill(7) }),
  // Who leads the migration himself has no cookie to give, nor to take.
  domainMigratePerform3Params: ({ cookieIn }) => ({
    cookieOut: Uint8Array.from((cookieIn as Uint8Array).length === 0 ? [] : [5, 0, 255]),
  }),
  domainMigrateFinish3Params: finish,
  domainMigrateFinish3: finish,
  domainMigratePerform3: () => ({ cookieOut: new Uint8Array() }),
  domainAgentSetResponseTimeout: () => ({ result: 0 }),
  connectGetUri: () => ({ uri: "test:///default" }),
  connectSupportsFeature: ({ feature }) => ({ supported: feature === ConnectFeature.FD_PASSING ? 0 : 1 }),
  // How many processors there are: maps are as long as that takes.
  nodeGetCpuMap: () => ({ cpumap: Uint8Array.of(0b1011), online: 3, ret: 4 }),
  domainGetVcpuPinInfo: ({ maplen, ncpumaps }) => ({
    cpumaps: new Uint8Array(Number(maplen) * Math.min(2, Number(ncpumaps))).fill(5),
    num: 2,
  }),
  domainGetEmulatorPinInfo: ({ maplen }) => ({ cpumaps: new Uint8Array(Number(maplen)).fill(5), ret: 1 }),
  domainGetVcpus: ({ maxinfo, maplen }) => ({
    info: [1, 2].map((number) => ({ number, state: 1, cpuTime: 7n, cpu: number })),
    cpumaps: new Uint8Array(Math.min(2, Number(maxinfo)) * Number(maplen)).fill(5),
  }),
  domainGetInfo: () => ({ state: 1, maxMem: 4096n, memory: 2048n, nrVirtCpu: 2, cpuTime: 99n }),
  domainGetMaxVcpus: () => ({ num: 2 }),
  domainGetCpuStats: ({ nparams, ncpus }) => {
    if (Number(ncpus) === 0) return { params: [], nparams: 2 };
    if (Number(nparams) === 0) return { params: [], nparams: 1 };
    return { params: Array.from({ length: Number(ncpus) }, () => parameters[0]), nparams: 1 };
  },
};

const { INT, ULLONG, STRING } = TypedParameterType;
const parameters = [
  { field: "first", value: { type: ULLONG, value: 1234567890123n } },
  { field: "second", value: { type: INT, value: -5 } },
];

/** A made-up value of a type; what it is called decides how large a number is. */
function sample({ shape }: Type, name: string): unknown {
  switch (shape.kind) {
    case "int":
    case "uint":
    case "char":
    case "uchar":
    case "ushort":
      return 2;
    case "hyper":
    case "uhyper":
      return 1000003n;
    case "bool":
      return true;
    case "double":
      return 1.5;
    case "string":
    case "text":
    case "fixedText":
      return name === "xml" ? "<made/>" : `made ${name}`.slice(0, 20);
    case "opaque":
    case "chars":
      return Uint8Array.of(5, 0, 255);
    case "fixedOpaque":
      return Uint8Array.from({ length: shape.length }, (_, at) => at + 1);
    case "optional":
      return sample(shape.of, name);
    case "array":
      if (name === "params" && isParameter(shape.of)) return parameters;
      if (name === "uuids") return ["01020304-0506-0708-090a-0b0c0d0e0f10", "11020304-0506-0708-090a-0b0c0d0e0f10"];
      return [sample(shape.of, name), sample(shape.of, name)];
    case "struct":
      return Object.fromEntries(
        Object.entries(shape.fields).map(([field, type]) => [
          field,
          sample(type, field === "params" ? "params" : field),
        ]),
      );
    case "union":
      return { type: STRING, value: "made" };
    default:
      return undefined;
  }
}

/** Whether a type is that of typed parameters: their values are a union. */
function isParameter({ shape }: Type): boolean {
  return shape.kind === "struct" && shape.fields.value?.shape.kind === "union";
}

/** The answer to a call: as many values as were asked for, and none to who asks how many there are. */
function answer(procedure: AnyProcedure, args: Args): unknown {
  const own = answers[procedure.name];
  if (own) return own(args);
  const made = sample(procedure.result, procedure.name);
  if (made === undefined || typeof made !== "object" || made === null) return undefined;
  const result = made as Record<string, unknown>;
  const wanted = args.nparams ?? args.maxerrors;
  if (wanted === 0) {
    for (const [field, value] of Object.entries(result)) if (Array.isArray(value)) result[field] = [];
  }
  return result;
}

/** How families of events are registered for. */
const registrations: Readonly<Record<string, string>> = {
  connectDomainEventCallbackRegisterAny: "domain",
  connectNetworkEventRegisterAny: "network",
  connectStoragePoolEventRegisterAny: "storagePool",
  connectNodeDeviceEventRegisterAny: "nodeDevice",
  connectSecretEventRegisterAny: "secret",
};

/** The event of a kind, with made-up content, for a registration. */
function eventFor(
  family: string,
  eventID: unknown,
  callbackID: number,
): readonly [name: string, message: unknown] | null {
  const event = Object.values<AnyEvent>(events).find((one) => {
    return one.family === family && one.eventID === eventID && one.hasCallbackID;
  });
  return event ? [event.name, { ...(sample(event.message, event.name) as object), callbackID }] : null;
}

type Emitted = Parameters<RpcServerPeer["emit"]>;

/** A call as it came: bytes as text, so that both modules' calls can be compared. */
export type Asked = readonly [procedure: string, args: string];

export class StandIn {
  readonly path: string;
  readonly asked: Asked[] = [];
  readonly #peers = new Set<RpcServerPeer>();
  readonly #sockets = new Set<Socket>();
  readonly #due: Emitted[] = [];
  #registered = 0;
  readonly #server = createServer((socket) => this.#serve(socket));

  private constructor(path: string) {
    this.path = path;
  }

  static async start(t: TestContext): Promise<StandIn> {
    const standIn = new StandIn(join(await shortFolder(t), "stand-in"));
    standIn.#server.listen(standIn.path);
    await once(standIn.#server, "listening");
    t.after(() => {
      standIn.#server.close();
      for (const socket of standIn.#sockets) socket.destroy();
    });
    return standIn;
  }

  get uri(): string {
    return `test+unix:///default?socket=${this.path}`;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    const peer: RpcServerPeer = new RpcServerPeer(duplexTransport(socket), {
      programs: [remoteProgram, qemuProgram],
      dispatch: ({ procedure, args }) => {
        const words = JSON.stringify(args, (_, value: unknown) =>
          typeof value === "bigint"
            ? Number(value)
            : value instanceof Uint8Array
              ? Buffer.from(value).toString("hex")
              : value,
        );
        this.asked.push([procedure.name, words]);
        if (words.includes(`"fail ${procedure.name}"`))
          throw new LibvirtError("OPERATION_FAILED", "QEMU", "as was asked for");
        const family = registrations[procedure.name];
        if (family === undefined) {
          const due = this.#due.splice(0);
          if (due.length > 0) setImmediate(() => due.forEach((event) => void peer.emit(...event)));
          return answer(procedure, args as Args) as never;
        }
        // It comes with the next call: the C library misses what comes right behind the answer.
        const callbackID = ++this.#registered;
        const event = eventFor(family, (args as Args).eventID, callbackID);
        if (event) this.#due.push(event as Emitted);
        return { callbackID } as never;
      },
      onClose: () => {
        this.#peers.delete(peer);
        this.#sockets.delete(socket);
      },
    });
    this.#peers.add(peer);
  }
}
