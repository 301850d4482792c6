/** Fetching saved guests back. */
import { readDefinition } from "../definitions.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { LiveDomain } from "../domain/live.ts";
import type { QemuHost } from "../host.ts";
import { startGuest } from "../run/start.ts";
import { type OpenImage, openImage } from "./image-file.ts";
import { changed, originOf } from "./save.ts";

export interface RestoreOptions {
  /** The document to start with in place of the saved one. */
  readonly xml?: string | undefined;
  /** Whether it runs afterwards; as it was when it was saved by default. */
  readonly running?: boolean | undefined;
  /** The file is the domain's managed save. */
  readonly managed?: boolean;
  /** The host's cache is left alone. */
  readonly bypassCache?: boolean;
  /** The firmware's variables are made anew. */
  readonly resetNvram?: boolean;
  readonly signal?: AbortSignal;
}

/** Starts a domain that is off from a save file, which stays. */
export async function restoreImage(
  host: QemuHost,
  domain: QemuDomain,
  path: string,
  options: RestoreOptions,
): Promise<LiveDomain> {
  await using image = await openImage(path);
  // Awaited here: the file is closed when this function ends.
  return await restoreFrom(host, domain, image, options);
}

/** Starts a domain that is off from a save file that is open. */
export async function restoreFrom(
  host: QemuHost,
  domain: QemuDomain,
  image: OpenImage,
  { xml, running = image.running, managed = false, bypassCache = false, resetNvram = false, signal }: RestoreOptions,
): Promise<LiveDomain> {
  const saved = await readDefinition(host, image.xml, { saved: true });
  const chosen =
    xml === undefined ? saved : await readDefinition(host, await changed(host, saved.definition, xml), { saved: true });
  return startGuest(host, domain, chosen.definition, chosen.capabilities, {
    paused: !running,
    resetNvram,
    origin: { ...originOf(host, image, bypassCache), managed },
    ...(signal && { signal }),
  });
}
