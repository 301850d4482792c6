/** The extensions of a certificate, which Node does not tell all of (X.509, RFC 5280). */
import type { X509Certificate } from "node:crypto";

export interface Extension {
  /** Whether a program that does not know it must refuse the certificate. */
  readonly critical: boolean;
  readonly value: Buffer;
}

interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

const tags = { boolean: 1, bits: 3, octets: 4, identifier: 6, sequence: 0x30, extensions: 0xa3 };
const keyUsageIdentifier = "551d0f";
const purposeIdentifier = "551d25";

/** The extensions by the hexadecimal of their identifiers; none when the certificate is not built as it should be. */
export function extensionsOf({ raw }: Pick<X509Certificate, "raw">): ReadonlyMap<string, Extension> {
  const [certificate] = elementsIn(raw);
  const [body] = elementsIn(certificate?.content);
  const holder = elementsIn(body?.content).find(({ tag }) => tag === tags.extensions);
  const [list] = elementsIn(holder?.content);
  const found = new Map<string, Extension>();
  for (const { content } of elementsIn(list?.content)) {
    const parts = elementsIn(content);
    const identifier = parts.find(({ tag }) => tag === tags.identifier)?.content.toString("hex");
    const value = parts.find(({ tag }) => tag === tags.octets)?.content;
    const flag = parts.find(({ tag }) => tag === tags.boolean)?.content;
    if (identifier !== undefined && value !== undefined) {
      found.set(identifier, { critical: flag !== undefined && flag[0] !== 0, value });
    }
  }
  return found;
}

/** What a key may be used for: the first bits of the extension. */
export const KeyUsage = { digitalSignature: 0x80, keyEncipherment: 0x20, certificateSigning: 0x04 } as const;

/** Bits of {@link KeyUsage}; null when the certificate does not say. */
export function keyUsageOf(certificate: X509Certificate): { critical: boolean; bits: number } | null {
  const extension = extensionsOf(certificate).get(keyUsageIdentifier);
  const [bits] = elementsIn(extension?.value);
  if (extension === undefined || bits?.tag !== tags.bits) return null;
  return { critical: extension.critical, bits: bits.content[1] ?? 0 };
}

/** Whether what the certificate says of its purposes is binding. */
export function purposesAreCritical(certificate: X509Certificate): boolean {
  return extensionsOf(certificate).get(purposeIdentifier)?.critical ?? false;
}

/** The elements that lie side by side in these bytes (DER); those that are cut short are left out. */
function elementsIn(bytes: Buffer = Buffer.alloc(0)): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const tag = bytes[at] as number;
    let length = bytes[at + 1] as number;
    let start = at + 2;
    if (length >= 0x80) {
      const size = length - 0x80;
      if (size === 0 || size > 4 || start + size > bytes.length) break;
      length = bytes.readUIntBE(start, size);
      start += size;
    }
    if (start + length > bytes.length) break;
    elements.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
}
