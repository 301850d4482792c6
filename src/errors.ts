/**
 * The one error class of tsvirt, with libvirt's fields, numbers and message forms, so that every client's own error
 * handling works unchanged (virError).
 */
import { ErrorDomain, ErrorLevel, ErrorNumber } from "./protocol/constants/errors.ts";

export { ErrorDomain, ErrorLevel, ErrorNumber };

/** Name of an error code, without libvirt's VIR_ERR_ prefix. */
export type ErrorName = keyof typeof ErrorNumber;
/** Name of the part of libvirt that reports an error, without VIR_FROM_. */
export type ErrorDomainName = keyof typeof ErrorDomain;

/** Which object an error is about, as clients show it. */
export interface ErrorObject {
  readonly name: string;
  readonly uuid: Uint8Array;
  /** Only for domains: the id, -1 when it is not running. */
  readonly id?: number;
}

/** What an error holds, field by field (virError). */
export interface ErrorFields {
  readonly code: number;
  readonly domain: number;
  readonly level: number;
  readonly message: string;
  readonly str1: string | null;
  readonly str2: string | null;
  readonly str3: string | null;
  readonly int1: number;
  readonly int2: number;
  readonly dom: ErrorObject | null;
  readonly net: ErrorObject | null;
}

export interface ErrorOptions {
  readonly cause?: unknown;
  readonly level?: ErrorLevel;
  readonly str3?: string | null;
  readonly int1?: number;
  readonly int2?: number;
  readonly dom?: ErrorObject | null;
  readonly net?: ErrorObject | null;
}

/**
 * How each code introduces its detail. `%s` is where the detail goes; a code that is not here prints its detail alone.
 * Clients match on these words, so they are part of the interface.
 */
const forms: { readonly [Name in ErrorName]?: string } = {
  INTERNAL_ERROR: "internal error: %s",
  NO_MEMORY: "out of memory: %s",
  NO_SUPPORT: "this function is not supported by the connection driver: %s",
  UNKNOWN_HOST: "unknown host %s",
  NO_CONNECT: "no connection driver available for %s",
  INVALID_CONN: "invalid connection pointer in %s",
  INVALID_DOMAIN: "invalid domain pointer in %s",
  INVALID_ARG: "invalid argument: %s",
  OPERATION_FAILED: "operation failed: %s",
  GET_FAILED: "GET operation failed: %s",
  POST_FAILED: "POST operation failed: %s",
  OS_TYPE: "unknown OS type %s",
  NO_ROOT: "missing root device information in %s",
  NO_SOURCE: "missing source information for device %s",
  NO_TARGET: "missing target information for device %s",
  NO_NAME: "missing name information in %s",
  NO_OS: "missing operating system information in %s",
  NO_DEVICE: "missing devices information in %s",
  CALL_FAILED: "library call failed: %s",
  XML_ERROR: "XML error: %s",
  DOM_EXIST: "domain %s exists already",
  OPERATION_DENIED: "operation forbidden: %s",
  OPEN_FAILED: "failed to open configuration file %s",
  READ_FAILED: "failed to read configuration file %s",
  PARSE_FAILED: "failed to parse configuration file %s",
  CONF_SYNTAX: "configuration file syntax error: %s",
  WRITE_FAILED: "failed to write configuration file: %s",
  INVALID_NETWORK: "invalid network pointer in %s",
  NETWORK_EXIST: "network %s exists already",
  NO_DOMAIN: "Domain not found: %s",
  NO_NETWORK: "Network not found: %s",
  INVALID_MAC: "invalid MAC address: %s",
  AUTH_FAILED: "authentication failed: %s",
  INVALID_STORAGE_POOL: "invalid storage pool pointer in %s",
  INVALID_STORAGE_VOL: "invalid storage volume pointer in %s",
  NO_STORAGE_POOL: "Storage pool not found: %s",
  NO_STORAGE_VOL: "Storage volume not found: %s",
  INVALID_NODE_DEVICE: "invalid node device pointer in %s",
  NO_NODE_DEVICE: "Node device not found: %s",
  NO_SECURITY_MODEL: "Security model not found: %s",
  OPERATION_INVALID: "Requested operation is not valid: %s",
  NO_INTERFACE: "Interface not found: %s",
  INVALID_INTERFACE: "invalid interface pointer in %s",
  MULTIPLE_INTERFACES: "multiple matching interfaces found: %s",
  INVALID_NWFILTER: "Invalid network filter: %s",
  NO_NWFILTER: "Network filter not found: %s",
  BUILD_FIREWALL: "Error while building firewall: %s",
  INVALID_SECRET: "Invalid secret: %s",
  NO_SECRET: "Secret not found: %s",
  CONFIG_UNSUPPORTED: "unsupported configuration: %s",
  OPERATION_TIMEOUT: "Timed out during operation: %s",
  MIGRATE_PERSIST_FAILED: "Failed to make domain persistent after migration: %s",
  HOOK_SCRIPT_FAILED: "Hook script execution failed: %s",
  INVALID_DOMAIN_SNAPSHOT: "Invalid domain snapshot: %s",
  NO_DOMAIN_SNAPSHOT: "Domain snapshot not found: %s",
  INVALID_STREAM: "invalid stream pointer in %s",
  ARGUMENT_UNSUPPORTED: "argument unsupported: %s",
  STORAGE_PROBE_FAILED: "Storage pool probe failed: %s",
  STORAGE_POOL_BUILT: "Storage pool already built: %s",
  SNAPSHOT_REVERT_RISKY: "revert requires force: %s",
  OPERATION_ABORTED: "operation aborted: %s",
  AUTH_CANCELLED: "authentication cancelled: %s",
  NO_DOMAIN_METADATA: "metadata not found: %s",
  MIGRATE_UNSAFE: "Unsafe migration: %s",
  OVERFLOW: "numerical overflow: %s",
  BLOCK_COPY_ACTIVE: "block copy still active: %s",
  OPERATION_UNSUPPORTED: "Operation not supported: %s",
  SSH: "SSH transport error: %s",
  AGENT_UNRESPONSIVE: "Guest agent is not responding: %s",
  RESOURCE_BUSY: "resource busy: %s",
  ACCESS_DENIED: "access denied: %s",
  DBUS_SERVICE: "error from service: %s",
  STORAGE_VOL_EXIST: "storage volume '%s' exists already",
  CPU_INCOMPATIBLE: "the CPU is incompatible with host CPU: %s",
  XML_INVALID_SCHEMA: "XML document failed to validate against schema: %s",
  AUTH_UNAVAILABLE: "authentication unavailable: %s",
  NO_SERVER: "Server not found: %s",
  NO_CLIENT: "Client not found: %s",
  AGENT_UNSYNCED: "guest agent replied with wrong id to guest-sync command: %s",
  LIBSSH: "libssh transport error: %s",
  DEVICE_MISSING: "device not found: %s",
  INVALID_NWFILTER_BINDING: "Invalid network filter binding: %s",
  NO_NWFILTER_BINDING: "Network filter binding not found: %s",
  INVALID_DOMAIN_CHECKPOINT: "Invalid domain checkpoint: %s",
  NO_DOMAIN_CHECKPOINT: "Domain checkpoint not found: %s",
  NO_DOMAIN_BACKUP: "Domain backup job id not found: %s",
  INVALID_NETWORK_PORT: "Invalid network port pointer: %s",
  NETWORK_PORT_EXIST: "network port %s exists already",
  NO_NETWORK_PORT: "network port not found: %s",
  NO_HOSTNAME: "no hostname found: %s",
  CHECKPOINT_INCONSISTENT: "checkpoint inconsistent: %s",
  MULTIPLE_DOMAINS: "multiple matching domains found: %s",
  NO_NETWORK_METADATA: "metadata not found: %s",
};

/** The form of a message that has no detail: `Domain not found`, without the colon. */
function bareForm(code: ErrorName): string {
  return (forms[code] ?? code).replace(/:? '?%s'?/, "");
}

const errorNames = new Map<number, ErrorName>(
  Object.entries(ErrorNumber).map(([name, code]) => [code, name as ErrorName]),
);
const domainNames = new Map<number, ErrorDomainName>(
  Object.entries(ErrorDomain).map(([name, code]) => [code, name as ErrorDomainName]),
);

/**
 * An error of libvirt's model (virError).
 *
 *     throw new LibvirtError("NO_DOMAIN", "QEMU", `no domain with matching name '${name}'`);
 */
export class LibvirtError extends Error implements ErrorFields {
  override readonly name = "LibvirtError";
  /** What went wrong: a value of {@link ErrorNumber}. */
  readonly code: number;
  /** Which part reports it: a value of {@link ErrorDomain}. */
  readonly domain: number;
  readonly level: number;
  /** The form of the message, with `%s` where the detail stands. */
  readonly str1: string | null;
  /** The detail: what the message says beyond its form. */
  readonly str2: string | null;
  readonly str3: string | null;
  readonly int1: number;
  readonly int2: number;
  readonly dom: ErrorObject | null;
  readonly net: ErrorObject | null;

  /**
   * @param detail what was being done, to which object, what was wrong, and what a person can do about it;
   *   null when the code's own words say it all.
   */
  constructor(code: ErrorName, domain: ErrorDomainName, detail: string | null, options: ErrorOptions = {}) {
    const form = detail === null ? bareForm(code) : (forms[code] ?? "%s");
    super(
      detail === null ? form : form.replace("%s", () => detail),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = ErrorNumber[code];
    this.domain = ErrorDomain[domain];
    this.level = options.level ?? ErrorLevel.ERROR;
    this.str1 = form;
    this.str2 = detail;
    this.str3 = options.str3 ?? null;
    this.int1 = options.int1 ?? -1;
    this.int2 = options.int2 ?? -1;
    this.dom = options.dom ?? null;
    this.net = options.net ?? null;
  }

  /** Rebuilds an error that came over the wire, field by field; codes of newer libvirts keep their number. */
  static fromFields(fields: ErrorFields, cause?: unknown): LibvirtError {
    const error: LibvirtError = Object.create(LibvirtError.prototype);
    const own = { ...fields, name: "LibvirtError" };
    for (const [key, value] of Object.entries(own)) {
      Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: key !== "message" });
    }
    if (cause !== undefined)
      Object.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
    Error.captureStackTrace(error, LibvirtError.fromFields);
    return error;
  }

  /** The code's name, such as `NO_DOMAIN`; undefined for a code that this release does not know. */
  get codeName(): ErrorName | undefined {
    return errorNames.get(this.code);
  }

  /** The reporting part's name, such as `QEMU`; undefined for one that this release does not know. */
  get domainName(): ErrorDomainName | undefined {
    return domainNames.get(this.domain);
  }

  /** Whether this is the named error: `if (error.is("NO_DOMAIN"))`. */
  is(...codes: ErrorName[]): boolean {
    return codes.some((code) => ErrorNumber[code] === this.code);
  }
}

/** Whether a caught value is a LibvirtError, with one of the codes when some are given. */
export function isLibvirtError(value: unknown, ...codes: ErrorName[]): value is LibvirtError {
  return value instanceof LibvirtError && (codes.length === 0 || value.is(...codes));
}

/** Any caught value as a LibvirtError: one that is not becomes an internal error that keeps its cause. */
export function asLibvirtError(value: unknown, domain: ErrorDomainName = "NONE"): LibvirtError {
  if (value instanceof LibvirtError) return value;
  const detail = value instanceof Error ? value.message : String(value);
  return new LibvirtError("INTERNAL_ERROR", domain, detail, { cause: value });
}

/** A failed system call as libvirt reports it (SYSTEM_ERROR, 38), with the errno in int1. */
export function systemError(domain: ErrorDomainName, doing: string, cause: unknown): LibvirtError {
  const { errno } = cause as NodeJS.ErrnoException;
  return new LibvirtError("SYSTEM_ERROR", domain, `${doing}: ${systemReason(cause)}`, {
    cause,
    ...(typeof errno === "number" ? { int1: Math.abs(errno) } : {}),
  });
}

/** The system's own words for why a system call failed. */
export function systemReason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return (code !== undefined && systemReasons[code]) || message;
}

/** strerror's words for what storage and processes usually fail with; other errors keep Node's message. */
const systemReasons: { readonly [code: string]: string } = {
  EACCES: "Permission denied",
  EADDRINUSE: "Address already in use",
  EBUSY: "Device or resource busy",
  ECONNREFUSED: "Connection refused",
  ECONNRESET: "Connection reset by peer",
  EDQUOT: "Disk quota exceeded",
  EEXIST: "File exists",
  EFBIG: "File too large",
  EIO: "Input/output error",
  EISDIR: "Is a directory",
  ELOOP: "Too many levels of symbolic links",
  EMFILE: "Too many open files",
  ENAMETOOLONG: "File name too long",
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
  ENOTDIR: "Not a directory",
  ENOTEMPTY: "Directory not empty",
  EOVERFLOW: "Value too large for defined data type",
  EPERM: "Operation not permitted",
  EPIPE: "Broken pipe",
  EROFS: "Read-only file system",
  ETIMEDOUT: "Connection timed out",
  ETXTBSY: "Text file busy",
};
