/** Whether this system is the one from which Xen's guests are managed. */
import { readFile } from "node:fs/promises";

/** Whether it is the first domain of a Xen host (dom0). */
export async function isXenHost(): Promise<boolean> {
  const capabilities = await readFile("/proc/xen/capabilities", "utf8").catch(() => "");
  return capabilities.includes("control_d");
}
