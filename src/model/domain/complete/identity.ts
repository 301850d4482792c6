/** Name, UUID and generation of a domain. */
import { randomUUID } from "node:crypto";
import type { ParsedDomain } from "../domain.ts";
import { malformed, refuse } from "../refuse.ts";
import type { CompletionOptions } from "./options.ts";

export function completeIdentity(
  domain: ParsedDomain,
  { newUuid = randomUUID, nameWithSlash }: CompletionOptions,
): string {
  if (domain.name.includes("\n")) refuse("XML_DETAIL", "invalid char in name: \\n");
  if (nameWithSlash !== true && domain.name.includes("/")) malformed(`name ${domain.name} cannot contain '/'`);
  if (domain.title?.includes("\n")) malformed("Domain title can't contain newlines");
  if (domain.genid !== undefined) domain.genid.value ??= newUuid();
  domain.uuid ??= newUuid();
  return domain.uuid;
}
