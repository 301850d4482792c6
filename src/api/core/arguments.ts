/**
 * Checks of arguments by the API's description, before a driver sees them: what the wire could not carry is refused here
 * in the same way, so that a program behaves alike in process and over a socket.
 */
import type { ErrorDomainName, LibvirtError } from "../../errors.ts";
import { type AnyProcedure, type ArgsOf, type Family, type ProcedureName, procedures } from "../../protocol/index.ts";
import type { Type } from "../../protocol/xdr/index.ts";
import { invalidArgument } from "../errors/invalid-argument.ts";

/** What is wrong with a value; undefined when nothing is. */
type Check = (value: unknown) => string | undefined;

const domains: { readonly [F in Family]?: ErrorDomainName } = {
  network: "NETWORK",
  networkPort: "NETWORK",
  interface: "INTERFACE",
  storagePool: "STORAGE",
  storageVolume: "STORAGE",
  nodeDevice: "NODEDEV",
  secret: "SECRET",
  nwfilter: "NWFILTER",
  nwfilterBinding: "NWFILTER",
  snapshot: "DOMAIN_SNAPSHOT",
  checkpoint: "DOMAIN_CHECKPOINT",
};

function whole(min: number, max: number): Check {
  return (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`;
}

const int = whole(-0x8000_0000, 0x7fff_ffff);
const uint = whole(0, 0xffff_ffff);

function text(max: number): Check {
  return (value) => {
    if (value === null || value === undefined) return "must not be NULL";
    if (typeof value !== "string") return "must be a string";
    if (value.includes("\0")) return "must not hold a zero byte";
    return Buffer.byteLength(value) > max ? `must not be longer than ${max} bytes` : undefined;
  };
}

function bytes(max: number): Check {
  return (value) => {
    if (!(value instanceof Uint8Array)) return value == null ? "must not be NULL" : "must be a Uint8Array";
    return value.length > max ? `must not be longer than ${max} bytes` : undefined;
  };
}

function list(of: Check | null, max: number): Check {
  return (value) => {
    if (!Array.isArray(value)) return value == null ? "must not be NULL" : "must be an array";
    if (value.length > max) return `must not have more than ${max} members`;
    for (const member of of === null ? [] : value) {
      const wrong = of?.(member);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

/** The check of a type; null where there is nothing that a TypeScript program can get wrong. */
function checkOf({ shape }: Type): Check | null {
  switch (shape.kind) {
    case "int":
      return int;
    case "uint":
      return uint;
    case "string":
      return text(shape.max);
    case "opaque":
      return bytes(shape.max);
    case "array":
      return list(checkOf(shape.of), shape.max);
    case "optional": {
      const inner = checkOf(shape.of);
      return inner && ((value) => (value === null ? undefined : inner(value)));
    }
    default:
      return null;
  }
}

type Checks = readonly (readonly [field: string, check: Check])[];

const checks = new Map<ProcedureName, Checks>();

function checksOf(name: ProcedureName): Checks {
  const known = checks.get(name);
  if (known) return known;
  const { shape } = (procedures[name] as AnyProcedure).args;
  const fields = shape.kind === "struct" ? Object.entries(shape.fields) : [];
  const made = fields.flatMap(([field, type]) => {
    const check = checkOf(type);
    return check ? [[field, check] as const] : [];
  });
  checks.set(name, made);
  return made;
}

/** Refuses arguments that the procedure's description does not allow. @throws {LibvirtError} INVALID_ARG */
export function checkArguments<Name extends ProcedureName>(name: Name, args: ArgsOf<Name>): void {
  for (const [field, check] of checksOf(name)) {
    const wrong = check((args as Readonly<Record<string, unknown>>)[field]);
    if (wrong !== undefined) throw fault(name, field, wrong);
  }
}

function fault(name: ProcedureName, argument: string, wrong: string): LibvirtError {
  const { cFunction, family } = procedures[name] as AnyProcedure;
  const domain = domains[family] ?? "DOMAIN";
  return invalidArgument({ domain, cFunction, argument, message: `${argument} in ${cFunction} ${wrong}` });
}
