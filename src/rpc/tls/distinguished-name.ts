/** Names in certificates as libvirt writes them: `C=GB,ST=London,O=Example,CN=host`. */
import type { X509Certificate } from "node:crypto";

/** Where GnuTLS, whose words libvirt uses, has other names than OpenSSL. */
const names: Readonly<Record<string, string>> = { emailAddress: "EMAIL" };

/** The subject of a certificate, its parts in the order in which they stand there. */
export function distinguishedName({ subject }: Pick<X509Certificate, "subject">): string {
  return (subject ?? "")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/^([A-Za-z]+)=/, (_, name: string) => `${names[name] ?? name}=`))
    .join(",");
}
