/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

const secret = () => import("./secret.ts");
const event = () => import("./event.ts");

export const secrets = group("secret", "Secret", {
  "secret-define": secret,
  "secret-dumpxml": secret,
  "secret-event": event,
  "secret-get-value": secret,
  "secret-list": secret,
  "secret-set-value": secret,
  "secret-undefine": secret,
});
