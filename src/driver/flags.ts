/** Flags of procedures: refusing what a driver does not know, and combinations that make no sense. */
import { ErrorDomain, type ErrorDomainName, ErrorLevel, ErrorNumber, LibvirtError } from "../errors.ts";
import { type ProcedureName, procedures } from "../protocol/index.ts";

/**
 * Refuses flags beyond `supported` with INVALID_ARG, as clients expect when they try newer flags first.
 * @param cFunction the function that libvirt names in the message, where it is not the public one
 */
export function checkFlags(
  flags: number,
  supported: number,
  procedure: ProcedureName,
  domain: ErrorDomainName,
  cFunction: string = procedures[procedure].cFunction,
): void {
  const unknown = (flags & ~supported) >>> 0;
  if (unknown === 0) return;
  const what = `unsupported flags (0x${unknown.toString(16)}) in function ${cFunction}`;
  throw argumentFault(domain, what, cFunction);
}

/** INVALID_ARG about an argument that must not be zero. */
export function zeroArgument(argument: string, cFunction: string): LibvirtError {
  return argumentFault("DOMAIN", `${argument} in ${cFunction} must not be zero`, cFunction, argument);
}

/** INVALID_ARG whose message has no introduction, as libvirt words it for flags and the like. */
function argumentFault(
  domain: ErrorDomainName,
  message: string,
  cFunction: string | null = null,
  argument = "flags",
): LibvirtError {
  return LibvirtError.fromFields({
    code: ErrorNumber.INVALID_ARG,
    domain: ErrorDomain[domain],
    level: ErrorLevel.ERROR,
    message,
    str1: cFunction ?? message,
    str2: cFunction === null ? null : argument,
    str3: null,
    int1: 0,
    int2: 0,
    dom: null,
    net: null,
  });
}

/** Flags by their names in messages: `{ VIR_DOMAIN_AFFECT_LIVE: 1 }`. */
type NamedFlags = Readonly<Record<string, number>>;

/** Refuses flags that exclude each other. */
export function exclusiveFlags(flags: number, named: NamedFlags, domain: ErrorDomainName): void {
  const [one, other] = Object.entries(named).filter(([, bit]) => (flags & bit) !== 0);
  if (one === undefined || other === undefined) return;
  throw argumentFault(domain, `Flags '${one[0]}' and '${other[0]}' are mutually exclusive`);
}

/** Refuses the first flag without the second. */
export function requiredFlag(flags: number, flag: NamedFlags, required: NamedFlags, domain: ErrorDomainName): void {
  const [[name, bit] = ["", 0]] = Object.entries(flag);
  const [[needed, neededBit] = ["", 0]] = Object.entries(required);
  if ((flags & bit) === 0 || (flags & neededBit) !== 0) return;
  throw argumentFault(domain, `Flag '${needed}' is required by flag '${name}'`);
}
