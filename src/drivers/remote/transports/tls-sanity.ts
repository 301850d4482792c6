/** The client's own certificate, looked at before any daemon does. */
import { checkOwnCertificates } from "../../../rpc/tls/certificate-checks.ts";
import type { TlsFiles, TlsPaths } from "./tls-files.ts";

/**
 * Checks that our certificate is valid now and comes from an authority that we believe.
 * @throws {LibvirtError} SYSTEM_ERROR
 */
export function checkOwnCertificate(paths: TlsPaths, { ca, cert }: TlsFiles): void {
  const own = cert ? { path: paths.cert, pem: cert } : null;
  checkOwnCertificates("client", { path: paths.ca, pem: ca }, own);
}
