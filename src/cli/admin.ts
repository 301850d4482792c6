/** The program `tsvirt-admin`. */
import type { Application } from "./application.ts";
import { openAdminConnection } from "./commands/admin/connection.ts";
import { adminTable } from "./commands/admin/group.ts";

export const adminApplication: Application = {
  name: "tsvirt-admin",
  title: "the shell for daemons",
  table: adminTable,
  open: openAdminConnection,
  failure: "Failed to connect to the admin server",
  uriVariable: "LIBVIRT_ADMIN_DEFAULT_URI",
  environment: "VIRT_ADMIN",
  without: ["escape", "keepalive-interval", "keepalive-count", "readonly", "timing", "no-pkttyagent"],
};
