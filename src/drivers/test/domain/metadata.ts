/** Titles, descriptions and applications' metadata of domains. */
import { readMetadata, withMetadata } from "../../../driver/domain/metadata.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import type { TestNode } from "../state.ts";
import { changeDefinition, definitionFor, impactFlags } from "./impact.ts";
import { domainRef, findDomain } from "./state.ts";

export function domainMetadataHandlers(node: TestNode): Handlers<"domainSetMetadata" | "domainGetMetadata"> {
  return {
    domainSetMetadata({ dom, flags, ...change }) {
      checkFlags(flags, impactFlags, "domainSetMetadata", "TEST");
      const domain = findDomain(node, dom);
      changeDefinition(domain, flags, (definition) => withMetadata(definition, change));
      const { type, uri: nsuri } = change;
      node.events.emit("domainEventCallbackMetadataChange", { dom: domainRef(domain), type, nsuri });
    },
    domainGetMetadata({ dom, type, uri, flags }) {
      checkFlags(flags, impactFlags, "domainGetMetadata", "TEST");
      return { metadata: readMetadata(definitionFor(findDomain(node, dom), flags), type, uri) };
    },
  };
}
