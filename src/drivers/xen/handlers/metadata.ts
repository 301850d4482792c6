/** Titles, descriptions and applications' metadata of domains. */
import { impactFlags } from "../../../driver/domain/impact.ts";
import { changeDefinition, definitionFor } from "../../../driver/domain/kept/change.ts";
import { readMetadata, withMetadata } from "../../../driver/domain/metadata.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import type { XenHost } from "../host.ts";

export function metadataHandlers(host: XenHost): Handlers<"domainSetMetadata" | "domainGetMetadata"> {
  return {
    async domainSetMetadata({ dom, flags, ...change }) {
      checkFlags(flags, impactFlags, "domainSetMetadata", "XEN");
      await changeDefinition(host, dom, "domainSetMetadata", flags, {
        change: (definition) => withMetadata(definition, change),
      });
      const { type, uri: nsuri } = change;
      host.hub.emit("domainEventCallbackMetadataChange", { dom: host.finder.find(dom).ref, type, nsuri });
    },
    async domainGetMetadata({ dom, type, uri, flags }) {
      checkFlags(flags, impactFlags, "domainGetMetadata", "XEN");
      await host.look();
      return { metadata: readMetadata(definitionFor(host.finder.find(dom), flags), type, uri) };
    },
  };
}
