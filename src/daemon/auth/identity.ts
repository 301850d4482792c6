/** Who a client is, from what its connection shows. */
import type { TLSSocket } from "node:tls";
import type { AccountNames } from "../../host/users.ts";
import { distinguishedName } from "../../rpc/tls/distinguished-name.ts";
import type { ClientIdentity, Incoming } from "./authenticator.ts";

export function identityOf({ kind, socket, peer }: Incoming, names: AccountNames): ClientIdentity {
  if (peer !== null) {
    const userName = names.users.get(peer.uid);
    const groupName = names.groups.get(peer.gid);
    return {
      ...(userName !== undefined && { userName }),
      ...(groupName !== undefined && { groupName }),
      unixUserId: peer.uid,
      unixGroupId: peer.gid,
      processId: peer.pid,
      ...(peer.startTime !== null && { processTime: peer.startTime }),
      ...(peer.selinuxContext !== null && { selinuxContext: peer.selinuxContext }),
    };
  }
  if (kind !== "tls") return {};
  const certificate = (socket as TLSSocket).getPeerX509Certificate();
  return certificate === undefined ? {} : { x509DistinguishedName: distinguishedName(certificate) };
}
