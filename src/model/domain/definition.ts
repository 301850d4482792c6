/** The way in and out: text to completed definition, definition to text. */
import type { Mode, ReadOptions, ReadResult } from "../../xml/index.ts";
import { consoleOf, mirrorsSerial } from "./complete/chardev.ts";
import { type CompletionOptions, completeDefinition } from "./complete/index.ts";
import { type Domain, domainDocument, type ParsedDomain } from "./domain.ts";
import { malformed, unsupported } from "./refuse.ts";
import { validateDefinition } from "./validate/index.ts";

export interface ParseOptions extends ReadOptions, CompletionOptions {
  /** Skip the checks for what cannot be run: the definition was accepted before (VIR_DOMAIN_DEF_PARSE_SKIP_VALIDATE). */
  readonly skipValidation?: boolean;
}

/**
 * Reads a domain as libvirt does: description, completion with the driver's hooks, checks.
 * @throws LibvirtError
 */
export function parseDomain(text: string, options: ParseOptions = {}): Domain {
  return finishDomain(readParsedDomain(text, options), options);
}

/** The first half of {@link parseDomain}: what the text says, before anything is filled in. */
export function readParsedDomain(text: string, options: ReadOptions = {}): ReadResult<ParsedDomain> {
  if (options.strict === true) return { value: domainDocument.parse(text, options), unknown: [] };
  return domainDocument.read(text, options);
}

/** The second half of {@link parseDomain}, for drivers that must look at what was read before they can complete it. */
export function finishDomain({ value, unknown }: ReadResult<ParsedDomain>, options: ParseOptions = {}): Domain {
  for (const { path } of unknown) refuseMisplaced(path);
  const domain = completeDefinition(value, options);
  if (options.skipValidation !== true) validateDefinition(domain);
  return domain;
}

/** Unknown elements are ignored, except where they would change what the guest sees, or repeat what can be only once. */
function refuseMisplaced(path: string): void {
  const [, feature] = /^\/domain\/features\/([^/@]+)$/.exec(path) ?? [];
  if (feature !== undefined) unsupported(`unexpected feature '${feature}'`);
  const [, enlightenment] = /^\/domain\/features\/hyperv\/([^/@]+)$/.exec(path) ?? [];
  if (enlightenment !== undefined) unsupported(`unsupported HyperV Enlightenment feature: ${enlightenment}`);
  if (/\/(serial|parallel|console|channel|smartcard|redirdev|backend)(\[\d+\])?\/source\[\d+\]$/.test(path)) {
    malformed("only one source element is allowed for character device");
  }
}

/** Prints a domain (virDomainGetXMLDesc). */
export function formatDomain(domain: ParsedDomain, mode: Mode = {}): string {
  return domainDocument.format(withOldTypeName(withMirroredConsole(domain)), mode);
}

/** Paravirtual Xen guests are printed with the name that their type had at first: clients look for that. */
function withOldTypeName(domain: ParsedDomain): ParsedDomain {
  const { type, os } = domain;
  if (type !== "xen" || os.type.value !== "xen") return domain;
  return { ...domain, os: { ...os, type: { ...os.type, value: "linux" } } };
}

/** The first console shows the serial port as it is now, with the alias and the terminal it has got meanwhile. */
function withMirroredConsole(domain: ParsedDomain): ParsedDomain {
  const { devices } = domain;
  const [serial] = devices.serials;
  if (serial === undefined || !mirrorsSerial(domain)) return domain;
  return { ...domain, devices: { ...devices, consoles: [consoleOf(serial), ...devices.consoles.slice(1)] } };
}
