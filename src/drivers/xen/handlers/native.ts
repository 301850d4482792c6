/** Domains in the languages of Xen's tool stacks (virConnectDomainXMLFromNative, virConnectDomainXMLToNative). */
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import type { Caller } from "../../../driver/session.ts";
import { LibvirtError } from "../../../errors.ts";
import { type Domain, formatDomain } from "../../../model/domain/index.ts";
import {
  formatXenConfiguration,
  formatXendDomain,
  parseXenConfiguration,
  parseXendDomain,
} from "../../../model/xen/index.ts";
import { readDefinition } from "../definitions.ts";
import { withBridges } from "../networks.ts";

interface Language {
  read(text: string): Domain;
  write(definition: Domain): string;
}

const languages: Readonly<Record<string, Language>> = {
  /** What xl reads. */
  "xen-xl": {
    read: (text) => parseXenConfiguration(text, "xl"),
    write: (definition) => formatXenConfiguration(definition, "xl"),
  },
  /** What xend's shell read. */
  "xen-xm": {
    read: (text) => parseXenConfiguration(text, "xm"),
    write: (definition) => formatXenConfiguration(definition, "xm"),
  },
  /** What xend was told and told. */
  "xen-sxpr": { read: (text) => parseXendDomain(text), write: (definition) => formatXendDomain(definition) },
};

function languageOf(format: string): Language {
  const found = Object.hasOwn(languages, format) ? languages[format] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(languages).join(", ");
  throw new LibvirtError("INVALID_ARG", "XEN", `unsupported config type ${format}: it must be one of ${known}`);
}

type NativeProcedures = "connectDomainXmlFromNative" | "connectDomainXmlToNative";

/** @param peers is asked for the bridges of virtual networks */
export function nativeHandlers(peers: Caller): Handlers<NativeProcedures> {
  return {
    connectDomainXmlFromNative({ nativeFormat, nativeConfig, flags }) {
      checkFlags(flags, 0, "connectDomainXmlFromNative", "XEN");
      const definition = languageOf(nativeFormat).read(nativeConfig);
      return { domainXml: formatDomain(definition, { inactive: true, secure: true }) };
    },
    async connectDomainXmlToNative({ nativeFormat, domainXml, flags }) {
      checkFlags(flags, 0, "connectDomainXmlToNative", "XEN");
      const language = languageOf(nativeFormat);
      const { definition } = readDefinition(domainXml);
      return { nativeConfig: language.write(await withBridges(definition, peers)) };
    },
  };
}
