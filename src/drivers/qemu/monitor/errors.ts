/** Failures of a monitor, said as libvirt says them. */
import { LibvirtError } from "../../../errors.ts";
import type { JsonObject } from "./json.ts";

/** The error classes that QEMU still tells apart; everything else is GenericError. */
export type QmpErrorClass = "GenericError" | "CommandNotFound" | "DeviceNotActive" | "DeviceNotFound" | "KVMMissingCap";

/** QEMU's own error, kept as the cause of the LibvirtError that callers see. */
export class QmpError extends Error {
  override readonly name = "QmpError";
  readonly errorClass: QmpErrorClass | (string & {});
  readonly command: string;

  constructor(command: string, errorClass: string, description: string) {
    super(description);
    this.command = command;
    this.errorClass = errorClass;
  }
}

/** What QEMU refused: code INTERNAL_ERROR, as libvirt reports each failed monitor command. */
export function commandFailed(command: string, error: JsonObject): LibvirtError {
  const errorClass = typeof error.class === "string" ? error.class : "GenericError";
  const description = typeof error.desc === "string" ? error.desc : `unknown error of class ${errorClass}`;
  const cause = new QmpError(command, errorClass, description);
  return new LibvirtError("INTERNAL_ERROR", "QEMU", `unable to execute QEMU command '${command}': ${description}`, {
    cause,
  });
}

/** QEMU's error behind a failed command, if the failure was QEMU's answer and not the monitor's end. */
export function qmpError(error: unknown): QmpError | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof QmpError ? cause : undefined;
}

/** Whether a command failed because of this class of error. */
export function failedWith(error: unknown, errorClass: QmpErrorClass): boolean {
  return qmpError(error)?.errorClass === errorClass;
}

export function malformedAnswer(command: string, cause: unknown): LibvirtError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new LibvirtError("INTERNAL_ERROR", "QEMU", `malformed answer to QEMU command '${command}': ${detail}`, {
    cause,
  });
}
