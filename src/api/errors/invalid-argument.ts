/** Errors about arguments, as libvirt's public functions report them: the function and the argument by name. */
import { ErrorDomain, type ErrorDomainName, ErrorLevel, ErrorNumber, LibvirtError } from "../../errors.ts";

export interface ArgumentFault {
  /** Which part of libvirt reports it. */
  readonly domain: ErrorDomainName;
  /** The C function: `virDomainSetMemory`. */
  readonly cFunction: string;
  /** The argument, as C calls it. */
  readonly argument: string;
  readonly message: string;
}

/** INVALID_ARG about one argument. Unlike other errors, the message has no introduction, and str1 and str2 are names. */
export function invalidArgument({ domain, cFunction, argument, message }: ArgumentFault): LibvirtError {
  return LibvirtError.fromFields({
    code: ErrorNumber.INVALID_ARG,
    domain: ErrorDomain[domain],
    level: ErrorLevel.ERROR,
    message,
    str1: cFunction,
    str2: argument,
    str3: null,
    int1: 0,
    int2: 0,
    dom: null,
    net: null,
  });
}
