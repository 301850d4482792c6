/** What QEMU inherits open: sockets that listen, devices. */
import { type FileHandle, open } from "node:fs/promises";
import { LibvirtError, systemError } from "../../../../errors.ts";
import { listenForChild } from "../../../../host/unix.ts";
import type { PlannedDescriptor } from "../../launch/plan.ts";

interface Opened {
  readonly fd: number;
  release(): Promise<void>;
}

export interface OpenDescriptors {
  readonly fds: readonly number[];
  /** Closes our own; QEMU keeps its. */
  release(): Promise<void>;
}

/** Opens all that is planned, or nothing. */
export async function openDescriptors(planned: readonly PlannedDescriptor[]): Promise<OpenDescriptors> {
  const opened: Opened[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(opened.map((one) => one.release()));
  };
  try {
    for (const descriptor of planned) opened.push(await openDescriptor(descriptor));
  } catch (error) {
    await release();
    throw error;
  }
  return { fds: opened.map(({ fd }) => fd), release };
}

async function openDescriptor(planned: PlannedDescriptor): Promise<Opened> {
  // Its owner closes it.
  if (planned.kind === "lent") return { fd: planned.descriptor, release: async () => {} };
  const { kind, path } = planned;
  try {
    if (kind === "listen") return await listenForChild(path);
    if (kind === "open") return opened(await open(path, "r+"));
  } catch (error) {
    throw systemError("QEMU", `cannot open '${path}' for QEMU`, error);
  }
  throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", `tap device '${path}' cannot be opened for QEMU here`);
}

function opened(handle: FileHandle): Opened {
  return { fd: handle.fd, release: () => handle.close() };
}
