/** Smart cards. */
import type { Smartcard } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import { addressProps, aliasOf } from "../address.ts";
import { device } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import { chardevId, chardevParts } from "./chardev.ts";
import type { DeviceContext } from "./context.ts";

/** Where the host's certificates are when the definition does not say it. */
const defaultDatabase = "/etc/pki/nssdb";

export function smartcardParts(smartcard: Smartcard, context: DeviceContext): Part[] {
  const id = aliasOf(smartcard);
  const rest = { id, ...addressProps(smartcard, context.domain) };
  if (smartcard.mode !== "passthrough") {
    return [device("ccid-card-emulated", { ...emulation(smartcard), ...rest })];
  }
  const chardev = chardevId(id);
  return [
    ...chardevParts(chardev, smartcard.backend, context, { spice: "smartcard" }),
    device("ccid-card-passthru", { chardev, ...rest }),
  ];
}

function emulation(smartcard: Exclude<Smartcard, { mode: "passthrough" }>): JsonObject {
  if (smartcard.mode === "host") return { backend: "nss-emulated" };
  const [cert1, cert2, cert3] = smartcard.certificates;
  return { backend: "certificates", cert1, cert2, cert3, db: smartcard.database ?? defaultDatabase };
}
