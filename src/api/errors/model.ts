/**
 * libvirt's classic error model beside exceptions: every failure is remembered, and told to a handler before the caller
 * learns of it.
 */
import { ErrorLevel, type LibvirtError } from "../../errors.ts";
import { domainWords } from "./words.ts";

/**
 * Is told of each error when it happens, before the promise of the call that failed is rejected (virErrorFunc). It is
 * called synchronously and should return soon.
 */
export type ErrorHandler = (error: LibvirtError) => void;

let lastError: LibvirtError | null = null;
let globalHandler: ErrorHandler | null = null;

/**
 * The last error of this process: that of the call that failed last, unless another call has begun since
 * (`virGetLastError`, since 0.1.0). Errors never change, so there is no need to copy one.
 *
 * A caught exception tells the same and is never that of another call; prefer it in new programs.
 */
export function getLastError(): LibvirtError | null {
  return lastError;
}

/** The code of the last error, or 0 (`virGetLastErrorCode`, since 4.5.0). */
export function getLastErrorCode(): number {
  return lastError?.code ?? 0;
}

/** Which part of libvirt reported the last error, or 0 (`virGetLastErrorDomain`, since 4.5.0). */
export function getLastErrorDomain(): number {
  return lastError?.domain ?? 0;
}

/** The last error's message; `no error` when there is none (`virGetLastErrorMessage`, since 1.0.6). */
export function getLastErrorMessage(): string {
  return lastError?.message ?? "no error";
}

/** Forgets the last error (`virResetLastError`, since 0.1.0). */
export function resetLastError(): void {
  lastError = null;
}

/**
 * Sets who is told of errors on connections that have no handler of their own; null brings the default back, which
 * prints to standard error (`virSetErrorFunc`, since 0.1.0). See {@link silenceErrors}.
 */
export function setErrorFunc(handler: ErrorHandler | null): void {
  globalHandler = handler;
}

/**
 * Keeps this process from printing errors to standard error: for programs that handle them as exceptions and need no
 * other report. The same as setting a handler that does nothing.
 */
export function silenceErrors(): void {
  globalHandler = () => {};
}

/** What the default handler prints: `libvirt: QEMU Driver error : Domain not found`. */
export function formatError(error: LibvirtError): string {
  const part = error.domainName === undefined ? "Unknown" : (domainWords[error.domainName] ?? "");
  const level = error.level === ErrorLevel.WARNING ? "warning" : error.level === ErrorLevel.ERROR ? "error" : "";
  const object = error.dom && !error.is("INVALID_DOMAIN") ? error.dom.name : (error.net?.name ?? "");
  return `libvirt: ${part} ${level} ${object}: ${error.message}\n`;
}

/** The handler where a program has set none: prints the error to standard error (`virDefaultErrorFunc`, since 0.1.0). */
export function defaultErrorFunc(error: LibvirtError): void {
  process.stderr.write(formatError(error));
}

function tell(handler: ErrorHandler, error: LibvirtError): void {
  try {
    handler(error);
  } catch (fault) {
    // The caller gets the error that it was about; a fault in the handler is the program's own, and is not hidden.
    queueMicrotask(() => {
      throw fault;
    });
  }
}

/** Remembers and reports an error that belongs to no connection. */
export function reportGlobally(error: LibvirtError): LibvirtError {
  lastError = error;
  tell(globalHandler ?? defaultErrorFunc, error);
  return error;
}

/** What one connection knows of its errors. */
export class ConnectionErrors {
  #last: LibvirtError | null = null;
  #handler: ErrorHandler | null = null;

  get last(): LibvirtError | null {
    return this.#last;
  }

  reset(): void {
    this.#last = null;
  }

  setHandler(handler: ErrorHandler | null): void {
    this.#handler = handler;
  }

  /** Remembers an error and tells the first handler that there is: this connection's, the global one, the default. */
  report(error: LibvirtError): LibvirtError {
    this.#last = error;
    lastError = error;
    tell(this.#handler ?? globalHandler ?? defaultErrorFunc, error);
    return error;
  }
}
