/** What can be wrong with a document, and the error that says so. */
import { type ErrorDomainName, type ErrorName, LibvirtError } from "../errors.ts";
import type { Position } from "./tree.ts";

/** Something wrong at one place of a document. */
export interface Problem extends Position {
  readonly path: string;
  readonly message: string;
  readonly code: ErrorName;
}

/** Something in a document that its description does not know; libvirt ignores it unless asked to validate. */
export interface Unknown extends Position {
  readonly path: string;
}

/** A document that cannot be accepted. `message` tells the first problem, as libvirt does; `problems` holds all. */
export class XmlDocumentError extends LibvirtError {
  readonly problems: readonly Problem[];

  constructor(domain: ErrorDomainName, problems: readonly [Problem, ...Problem[]]) {
    const [{ code, line, column, path, message }] = problems;
    super(code, domain, `${message} (line ${line}, column ${column}: ${path})`);
    this.problems = problems;
  }
}

/** Thrown by a scalar for text it does not accept; the reader adds the place. */
export class InvalidValue extends Error {
  readonly code: ErrorName;

  constructor(message: string, code: ErrorName = "XML_ERROR") {
    super(message);
    this.code = code;
  }
}

/** Input quoted in a message: whole when short, cut when not. */
export function quote(text: string): string {
  return text.length <= 80 ? `'${text}'` : `'${text.slice(0, 77)}...'`;
}
