/**
 * A command that failed for a reason the shell itself found, or the context of a libvirt error.
 * Printed as one `error: ...` line for each of `lines`, then one for a `LibvirtError` cause.
 */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly lines: readonly string[];

  constructor(message: string | readonly string[], options?: { cause?: unknown }) {
    const lines = typeof message === "string" ? [message] : message;
    super(lines.join("\n"), options);
    this.lines = lines;
  }
}

/** Awaits `work`; when it fails, its error is reported below a line that says what was being done. */
export async function attempt<T>(failure: string, work: Promise<T> | (() => Promise<T>)): Promise<T> {
  try {
    return await (typeof work === "function" ? work() : work);
  } catch (cause) {
    throw new CommandError(failure, { cause });
  }
}

/** The lines that tell a person what went wrong, without the `error: ` in front. */
export function errorLines(error: unknown): string[] {
  if (error instanceof CommandError) {
    return error.cause === undefined ? [...error.lines] : [...error.lines, ...errorLines(error.cause)];
  }
  return [error instanceof Error ? error.message : String(error)];
}
