/** Errors as they stand in messages. */
import { asLibvirtError, ErrorDomain, ErrorNumber, type ErrorObject, LibvirtError } from "../errors.ts";
import { type RemoteError, STRING_MAX } from "../protocol/index.ts";

/** What an error of ours looks like on the wire. What cannot stand there (too long, NUL) is left out. */
export function toRemoteError(error: unknown): RemoteError {
  const { code, domain, level, message, str1, str2, str3, int1, int2, dom, net } = asLibvirtError(error, "RPC");
  return {
    code,
    domain,
    message: sendable(message),
    level,
    dom: dom && { name: dom.name, uuid: dom.uuid, id: dom.id ?? -1 },
    str1: sendable(str1),
    str2: sendable(str2),
    str3: sendable(str3),
    int1,
    int2,
    net: net && { name: net.name, uuid: net.uuid },
  };
}

/**
 * The error that a server reports. One that does not know a procedure says so in words; what that means for the caller is
 * that it is not supported.
 */
export function fromRemoteError(error: RemoteError): LibvirtError {
  return LibvirtError.fromFields({
    ...error,
    code: isUnknownProcedure(error) ? ErrorNumber.NO_SUPPORT : error.code,
    message: error.message ?? "",
    dom: error.dom satisfies ErrorObject | null,
    net: error.net satisfies ErrorObject | null,
  });
}

function isUnknownProcedure({ code, domain, message }: RemoteError): boolean {
  const isProtocols = domain === ErrorDomain.RPC || domain === ErrorDomain.REMOTE;
  return code === ErrorNumber.RPC && isProtocols && (message?.startsWith("unknown procedure") ?? false);
}

/** An error of the protocol itself, in libvirt's words, which stand alone in its messages. */
export function rpcError(message: string): LibvirtError {
  return new LibvirtError("RPC", "RPC", message);
}

function sendable(text: string | null): string | null {
  if (text === null) return null;
  const cut = text.length * 3 > STRING_MAX ? text.slice(0, STRING_MAX / 4) : text;
  return cut.replaceAll("\0", "");
}
