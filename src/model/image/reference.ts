/**
 * What an image's header says of the image it lies on: a path, an address, or options of QEMU's block layer as JSON.
 * The text may come from a guest, so it is never more than a description: nothing is opened here.
 */
import { LibvirtError } from "../../errors.ts";
import { completeStorage } from "../domain/complete/disk.ts";
import { type Storage, storage } from "../domain/storage.ts";
import { referenceAddress } from "./reference-address.ts";
import type { ReferenceDraft } from "./reference-draft.ts";
import { referenceOptions } from "./reference-options.ts";

/** Where the image is. */
export interface Reference {
  readonly storage: Storage;
  /** The reference held a name or password, which is no part of a definition: the user has to name a secret. */
  readonly hadCredentials: boolean;
}

/**
 * Reads a reference. A path stays as it is: whose folder it starts from, only the holder of the reference knows.
 * @throws LibvirtError for what is no reference, or one to a place that QEMU's definitions have no words for.
 */
export function parseReference(text: string): Reference {
  if (text.startsWith("json:")) return completed(referenceOptions(parseOptions(text.slice("json:".length))));
  const [, protocol] = /^([A-Za-z0-9+.-]+):/.exec(text) ?? [];
  if (protocol === undefined) return completed({ type: "file", source: { file: text } });
  return completed(referenceAddress(text));
}

function parseOptions(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new LibvirtError("INTERNAL_ERROR", "STORAGE", `failed to parse JSON backing reference: ${detail}`);
  }
}

function completed({ hadCredentials = false, ...draft }: ReferenceDraft): Reference {
  const made = storage.make(draft as Parameters<typeof storage.make>[0]);
  const name = made.type === "network" ? made.source?.name : undefined;
  completeStorage(made);
  // A target without a LUN stays what the holder of the reference says.
  if (made.type === "network" && made.source !== undefined && name !== undefined) made.source.name = name;
  return { storage: made, hadCredentials };
}
