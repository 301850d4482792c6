/** Titles, descriptions and applications' metadata of the domains that a driver keeps. */
import { checkFlags } from "../../flags.ts";
import type { Handlers } from "../../handler.ts";
import { impactFlags } from "../impact.ts";
import { readMetadata, withMetadata } from "../metadata.ts";
import { changeDefinition, definitionFor } from "./change.ts";
import type { KeptDomain } from "./domain.ts";
import type { DomainHost } from "./host.ts";

export function metadataHandlers<D extends KeptDomain>(
  host: DomainHost<D>,
): Handlers<"domainSetMetadata" | "domainGetMetadata"> {
  return {
    async domainSetMetadata({ dom, flags, ...change }) {
      checkFlags(flags, impactFlags, "domainSetMetadata", host.from);
      await changeDefinition(host, dom, "domainSetMetadata", flags, {
        change: (definition) => withMetadata(definition, change),
      });
      const { type, uri: nsuri } = change;
      host.hub.emit("domainEventCallbackMetadataChange", { dom: host.finder.find(dom).ref, type, nsuri });
    },
    domainGetMetadata({ dom, type, uri, flags }) {
      checkFlags(flags, impactFlags, "domainGetMetadata", host.from);
      return host.finder.ask(dom, (domain) => ({ metadata: readMetadata(definitionFor(domain, flags), type, uri) }));
    },
  };
}
