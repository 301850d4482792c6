/** The native part, loaded when the first call needs it: most connections never pass an open file. */
import { LibvirtError } from "../../../errors.ts";
import type { Native } from "../../../host/native/index.ts";

export class LateNative implements Native {
  #native: Native | undefined;

  /** To be called before anything else. @throws {LibvirtError} OPERATION_UNSUPPORTED without the native part */
  async load(): Promise<void> {
    if (this.#native) return;
    const { loadNative } = await import("../../../host/native/index.ts");
    const part = await loadNative();
    if (part.native === null) throw cannotPassFiles(`the optional native part is missing: ${part.reason}`);
    this.#native = part.native;
  }

  peerCredentials(socket: number): ReturnType<Native["peerCredentials"]> {
    return this.#loaded().peerCredentials(socket);
  }

  duplicate(descriptor: number): number {
    return this.#loaded().duplicate(descriptor);
  }

  sendDescriptor(socket: number, descriptor: number, byte?: number): boolean {
    return this.#loaded().sendDescriptor(socket, descriptor, byte);
  }

  socketPair(): ReturnType<Native["socketPair"]> {
    return this.#loaded().socketPair();
  }

  receiveDescriptor(socket: number): ReturnType<Native["receiveDescriptor"]> {
    return this.#loaded().receiveDescriptor(socket);
  }

  #loaded(): Native {
    if (this.#native) return this.#native;
    throw new LibvirtError("INTERNAL_ERROR", "RPC", "the native part has not been loaded");
  }
}

/** Says why open files cannot go along. */
export function cannotPassFiles(reason: string): LibvirtError {
  return new LibvirtError("OPERATION_UNSUPPORTED", "RPC", `file descriptors cannot be passed: ${reason}`);
}
