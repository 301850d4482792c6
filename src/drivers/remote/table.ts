/** The driver table of a connection to a daemon: every procedure of the description is sent there. */
import type { CallContext, Driver, Handler } from "../../driver/handler.ts";
import { typedParamStrings } from "../../driver/typed-parameters.ts";
import {
  type AnyProcedure,
  type ArgsOf,
  type ProcedureName,
  procedures,
  typedParameter,
} from "../../protocol/index.ts";
import { deregistering, registering } from "./registrations.ts";
import type { Wire } from "./wire.ts";

type AnyHandler = (args: never, call: CallContext) => unknown;

/** Whether a procedure is a step of opening or closing, which the connection takes by itself. */
function isOpening({ family, name }: AnyProcedure): boolean {
  return family === "auth" || name === "connectOpen" || name === "connectClose";
}

/**
 * Whether a procedure answers with typed parameters of which some may be strings only if the client says that it takes
 * them. libvirt's client says so of domains and hosts where it asks for a number of parameters, and once beside.
 */
function mustAskForStrings({ args, result, family, name }: AnyProcedure): boolean {
  if (name === "domainGetLaunchSecurityInfo") return true;
  if (family !== "domain" && family !== "node") return false;
  if (args.shape.kind !== "struct" || result.shape.kind !== "struct") return false;
  const answers = Object.values(result.shape.fields).some(
    ({ shape }) => shape.kind === "array" && shape.of === typedParameter,
  );
  return answers && "nparams" in args.shape.fields && "flags" in args.shape.fields;
}

function handlerOf(wire: Wire, procedure: AnyProcedure): AnyHandler {
  const name = procedure.name as ProcedureName;
  if (registering.has(name)) return (args: ArgsOf<typeof name>, call) => wire.register(name, args, call);
  if (deregistering.has(name)) return (args: { callbackID: number }) => wire.deregister(name, args);
  if (procedure.descriptors !== "none") {
    return (args: ArgsOf<typeof name>, call) => wire.callWithFiles(name, args, call);
  }
  if (mustAskForStrings(procedure)) {
    return async (args: { readonly flags: number }, call) => {
      const flags = (await wire.takesStrings(call)) ? args.flags | typedParamStrings : args.flags;
      return wire.call(name, { ...args, flags } as unknown as ArgsOf<typeof name>, call);
    };
  }
  return (args: ArgsOf<typeof name>, call) => wire.call(name, args, call);
}

/** The handlers of a connection. */
export function remoteTable(wire: Wire): Driver {
  const all: readonly AnyProcedure[] = Object.values(procedures);
  const served = all.filter((procedure) => procedure.program.name !== "admin" && !isOpening(procedure));
  const table: Record<string, AnyHandler> = {};
  for (const procedure of served) table[procedure.name] = handlerOf(wire, procedure);
  const isSecure: Handler<"connectIsSecure"> = async (args, call) => {
    const { secure } = await wire.call("connectIsSecure", args, call);
    return { secure: wire.isSecure ? secure : 0 };
  };
  // A connection is known by the way to it; what the daemon opened is known to the daemon.
  const getUri: Handler<"connectGetUri"> = (_, { session }) => ({ uri: session.uri.text });
  return { ...table, connectIsSecure: isSecure, connectGetUri: getUri } as Driver;
}
