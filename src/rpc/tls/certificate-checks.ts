/** Looks at our own certificate before anybody else does: what is wrong with it is told best where it is. */
import { X509Certificate } from "node:crypto";
import { LibvirtError } from "../../errors.ts";
import { KeyUsage, keyUsageOf, purposesAreCritical } from "./extensions.ts";

/** Text of a file, and its path for errors. */
export interface CertificateFile {
  readonly path: string;
  readonly pem: Buffer;
}

export type TlsRole = "server" | "client";

/** Longer chains than this are no chains. */
const maxChain = 16;

/** Identifiers of what a certificate may be for. */
const purposes = { server: "1.3.6.1.5.5.7.3.1", client: "1.3.6.1.5.5.7.3.2", any: "2.5.29.37.0" };

/**
 * Checks that our certificate, if there is one, is valid now, is made for its role, and comes from an authority that we
 * believe, and that the authority is one.
 * @throws {LibvirtError} SYSTEM_ERROR, which names the file
 */
export function checkOwnCertificates(role: TlsRole, ca: CertificateFile, cert: CertificateFile | null): void {
  const authorities = certificatesIn(ca);
  if (authorities.length === 0) throw wrong(`Unable to import CA certificate list ${ca.path}`);
  for (const authority of authorities) checkAuthority(authority, ca.path);
  if (cert === null) return;
  const [own, ...between] = certificatesIn(cert);
  if (own === undefined) throw wrong(`Unable to import ${role} certificate ${cert.path}`);
  checkTimes(own, role, cert.path);
  if (own.ca) throw wrong(`The certificate ${cert.path} basic constraints show a CA, but we need one for a ${role}`);
  checkUsage(own, cert.path, KeyUsage.digitalSignature, "digital signature");
  checkPurpose(own, role, cert.path);
  if (comesFrom(own, authorities, between)) return;
  const reason = "The certificate hasn't got a known issuer.";
  throw wrong(`Our own certificate ${cert.path} failed validation against ${ca.path}: ${reason}`);
}

function checkAuthority(authority: X509Certificate, path: string): void {
  checkTimes(authority, "CA", path);
  if (!authority.ca) throw wrong(`The certificate ${path} basic constraints do not show a CA`);
  checkUsage(authority, path, KeyUsage.certificateSigning, "certificate signing");
}

function checkTimes({ validFrom, validTo }: X509Certificate, role: TlsRole | "CA", path: string): void {
  const now = Date.now();
  if (Date.parse(validTo) < now) throw wrong(`The ${role} certificate ${path} has expired`);
  if (Date.parse(validFrom) > now) throw wrong(`The ${role} certificate ${path} is not yet active`);
}

/** What is not said to be binding is let pass, as libvirt does. */
function checkUsage(certificate: X509Certificate, path: string, bit: number, what: string): void {
  const usage = keyUsageOf(certificate);
  if (usage === null || !usage.critical || (usage.bits & bit) !== 0) return;
  throw wrong(`Certificate ${path} usage does not permit ${what}`);
}

function checkPurpose(certificate: X509Certificate, role: TlsRole, path: string): void {
  const named = certificate.keyUsage as readonly string[] | undefined;
  if (named === undefined || named.includes(purposes[role]) || named.includes(purposes.any)) return;
  if (!purposesAreCritical(certificate)) return;
  throw wrong(`Certificate ${path} purpose does not allow use for with a TLS ${role}`);
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
    if (next === undefined) return false;
    current = next;
  }
  return false;
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function certificatesIn({ pem, path }: CertificateFile): X509Certificate[] {
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
