/** Objects that hold secrets and certificates, for whatever names them by id. */
import type { SealedSecret, SecretName, TlsCredentials } from "./devices/context.ts";
import { object } from "./parts/make-part.ts";
import type { ObjectPart } from "./parts/part.ts";

/** The object that holds the key with which all other secrets of the domain are encrypted. */
export const masterKeyId = "masterKey0";

/** A secret object; its value is only readable with the domain's master key. */
export function secretPart(id: string, { data, iv }: SealedSecret): ObjectPart {
  return object("secret", id, { data, keyid: masterKeyId, iv, format: "base64" });
}

/** Certificates for one connection, with the secret that opens their key. */
export function tlsParts(
  id: string,
  { folder, verifyPeer, secret }: TlsCredentials,
  { server, secretId = `${id}-secret0` }: { readonly server: boolean; readonly secretId?: string },
  seal: (name: SecretName) => SealedSecret,
): ObjectPart[] {
  const credentials = object("tls-creds-x509", id, {
    dir: folder,
    endpoint: server ? "server" : "client",
    // A client always looks at whom it talks to.
    "verify-peer": server ? verifyPeer : true,
    passwordid: secret === undefined ? undefined : secretId,
  });
  return secret === undefined ? [credentials] : [secretPart(secretId, seal({ uuid: secret })), credentials];
}
