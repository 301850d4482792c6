/**
 * Guests that run and cannot be controlled: their QEMU is there and does not answer. It may come back, when its storage
 * does, so it is not killed; but a second QEMU on the same images would ruin them.
 */
import { LibvirtError } from "../../../errors.ts";
import { isRunning, type ProcessId } from "../../../host/proc.ts";

export class UncontrolledGuests {
  readonly #processes = new Map<string, ProcessId>();

  /** @param uuid the domain's, as text. */
  add(uuid: string, process: ProcessId): void {
    this.#processes.set(uuid, process);
  }

  /** Refuses to start a domain whose old process is still there: OPERATION_FAILED. */
  async refuseStart(uuid: string, name: string): Promise<void> {
    const process = this.#processes.get(uuid);
    if (process === undefined) return;
    if (!(await isRunning(process))) {
      this.#processes.delete(uuid);
      return;
    }
    throw new LibvirtError(
      "OPERATION_FAILED",
      "QEMU",
      `domain '${name}' still runs as process ${process.pid}, which does not answer; ` +
        "end that process first, or open the connection anew when it answers again",
    );
  }
}
