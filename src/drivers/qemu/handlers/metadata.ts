/** Titles, descriptions and applications' metadata of domains. */
import { impactFlags } from "../../../driver/domain/impact.ts";
import { changeDefinition, definitionFor } from "../../../driver/domain/kept/change.ts";
import { readMetadata, withMetadata } from "../../../driver/domain/metadata.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import type { QemuHost } from "../host.ts";
import { findDomain } from "./find.ts";

export function metadataHandlers(host: QemuHost): Handlers<"domainSetMetadata" | "domainGetMetadata"> {
  return {
    async domainSetMetadata({ dom, flags, ...change }) {
      checkFlags(flags, impactFlags, "domainSetMetadata", "QEMU");
      await changeDefinition(host, dom, "domainSetMetadata", flags, {
        change: (definition) => withMetadata(definition, change),
      });
      const { type, uri: nsuri } = change;
      host.hub.emit("domainEventCallbackMetadataChange", { dom: findDomain(host, dom).ref, type, nsuri });
    },
    domainGetMetadata({ dom, type, uri, flags }) {
      checkFlags(flags, impactFlags, "domainGetMetadata", "QEMU");
      return { metadata: readMetadata(definitionFor(findDomain(host, dom), flags), type, uri) };
    },
  };
}
