/** Which TLS certificates may connect. */
import { LibvirtError } from "../../errors.ts";
import { globTest } from "../glob.ts";
import type { SettingValues } from "../settings/table.ts";

/**
 * @param name the distinguished name in the client's certificate, if it has shown one
 * @throws LibvirtError AUTH_FAILED when the configuration lists the names that may connect and this is none of them
 */
export function checkAllowedName(name: string | undefined, { tls_allowed_dn_list: allowed }: SettingValues): void {
  if (allowed === undefined) return;
  if (name === undefined || !allowed.some((pattern) => globTest(pattern, name))) {
    const whose = name === undefined ? "no certificate" : `the certificate of '${name}'`;
    throw new LibvirtError("AUTH_FAILED", "RPC", `${whose} is not in tls_allowed_dn_list`);
  }
}
