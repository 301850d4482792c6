/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

const session = () => import("./session.ts");

export const virsh = group("virsh", "Tsvirt itself", {
  cd: session,
  echo: () => import("./echo.ts"),
  exit: session,
  help: () => import("./help.ts"),
  pwd: session,
  quit: session,
  connect: session,
});
