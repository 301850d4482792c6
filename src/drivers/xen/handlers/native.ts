/** Xen's own words for domains: configurations of xl and of the older xm (virConnectDomainXMLFromNative and back). */
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import { formatDomain } from "../../../model/domain/index.ts";
import { type Dialect, formatXenConfiguration, parseXenConfiguration } from "../../../model/xen/index.ts";
import { readDefinition } from "../definitions.ts";

/** The formats as clients name them. */
const dialects: Readonly<Record<string, Dialect>> = { "xen-xl": "xl", "xen-xm": "xm" };

function dialectOf(format: string): Dialect {
  const dialect = Object.hasOwn(dialects, format) ? dialects[format] : undefined;
  if (dialect !== undefined) return dialect;
  const known = Object.keys(dialects).join(" or ");
  throw new LibvirtError("INVALID_ARG", "XEN", `unsupported config type ${format}: it must be ${known}`);
}

export function nativeHandlers(): Handlers<"connectDomainXmlFromNative" | "connectDomainXmlToNative"> {
  return {
    connectDomainXmlFromNative({ nativeFormat, nativeConfig, flags }) {
      checkFlags(flags, 0, "connectDomainXmlFromNative", "XEN");
      const definition = parseXenConfiguration(nativeConfig, dialectOf(nativeFormat));
      return { domainXml: formatDomain(definition, { inactive: true }) };
    },
    connectDomainXmlToNative({ nativeFormat, domainXml, flags }) {
      checkFlags(flags, 0, "connectDomainXmlToNative", "XEN");
      const dialect = dialectOf(nativeFormat);
      return { nativeConfig: formatXenConfiguration(readDefinition(domainXml).definition, dialect) };
    },
  };
}
