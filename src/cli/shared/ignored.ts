/** Tells what of a definition nobody knows: libvirt ignores that silently, and typing errors with it. */
import type { Document } from "../../xml/document.ts";
import type { Shell } from "../shell.ts";

/** The documents that people write, loaded when one is defined. */
const documents = {
  domain: async () => (await import("../../model/domain/domain.ts")).domainDocument as Document<unknown>,
  network: async () => (await import("../../model/network/description.ts")).networkDocument as Document<unknown>,
  "network port": async () => (await import("../../model/network/port.ts")).networkPortDocument as Document<unknown>,
  pool: async () => (await import("../../model/storage/pool.ts")).poolDocument as Document<unknown>,
  volume: async () => (await import("../../model/storage/volume.ts")).volumeDocument as Document<unknown>,
  interface: async () => (await import("../../model/interface.ts")).interfaceDocument as Document<unknown>,
  "node device": async () => (await import("../../model/node-device.ts")).nodeDeviceDocument as Document<unknown>,
  secret: async () => (await import("../../model/secret.ts")).secretDocument as Document<unknown>,
};

/** Notes on standard error, one line each, what of an accepted definition was ignored. */
export async function noteIgnored(shell: Shell, kind: keyof typeof documents, xml: string): Promise<void> {
  if (shell.settings.quiet) return;
  for (const { path, line } of await unknownParts(kind, xml)) {
    shell.terminal.stderr.write(`ignored: ${path} (line ${line})\n`);
  }
}

async function unknownParts(kind: keyof typeof documents, xml: string) {
  try {
    return (await documents[kind]()).read(xml).unknown;
  } catch {
    // The driver took it, whatever this side thinks of it.
    return [];
  }
}
