/** Looks at our own certificate before anybody else does: what is wrong here is told best here. */
import { X509Certificate } from "node:crypto";
import { LibvirtError } from "../../../errors.ts";
import type { TlsFiles, TlsPaths } from "./tls-files.ts";

/** Longer chains than this are no chains. */
const maxChain = 16;

/**
 * Checks that our certificate is valid now and comes from an authority that we believe.
 * @throws {LibvirtError} SYSTEM_ERROR
 */
export function checkOwnCertificate(paths: TlsPaths, { ca, cert }: TlsFiles): void {
  const authorities = certificatesIn(ca, paths.ca);
  if (authorities.length === 0) throw wrong(`Unable to import CA certificate list ${paths.ca}`);
  if (!cert) return;
  const [own, ...between] = certificatesIn(cert, paths.cert);
  if (!own) throw wrong(`Unable to import client certificate ${paths.cert}`);
  const now = Date.now();
  if (Date.parse(own.validTo) < now) throw wrong(`The client certificate ${paths.cert} has expired`);
  if (Date.parse(own.validFrom) > now) throw wrong(`The client certificate ${paths.cert} is not yet active`);
  if (comesFrom(own, authorities, between)) return;
  const reason = "The certificate hasn't got a known issuer.";
  throw wrong(`Our own certificate ${paths.cert} failed validation against ${paths.ca}: ${reason}`);
}

function comesFrom(
  own: X509Certificate,
  authorities: readonly X509Certificate[],
  between: readonly X509Certificate[],
): boolean {
  let current = own;
  for (let length = 0; length < maxChain; length++) {
    if (authorities.some((authority) => isSignedBy(current, authority))) return true;
    const next = between.find((candidate) => isSignedBy(current, candidate));
    if (!next) return false;
    current = next;
  }
  return false;
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function certificatesIn(pem: Buffer, path: string): X509Certificate[] {
  const blocks = pem.toString("latin1").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (cause) {
    throw new LibvirtError("SYSTEM_ERROR", "RPC", `Unable to import certificate ${path}`, { cause });
  }
}

function wrong(detail: string): LibvirtError {
  return new LibvirtError("SYSTEM_ERROR", "RPC", detail);
}
