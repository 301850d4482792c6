/** A storage as the readers of references draft it. */
import type { storage } from "../domain/storage.ts";

/** What a reference says, before it is completed. */
export type ReferenceDraft = Parameters<typeof storage.make>[0] & { readonly hadCredentials?: boolean };
