/** Files that are written on a running guest's behalf: whoever takes the guest over knows of what is half written. */
import type { QemuDomain } from "../domain/domain.ts";
import { statusOf } from "../domain/status.ts";
import type { QemuHost } from "../host.ts";
import { replaceFile } from "./image-file.ts";

/**
 * Lets `write` make a file beside the path and puts it in its place, as {@link replaceFile}. Its name is in the guest's
 * status before the file is there, and so is why the guest is paused.
 */
export async function writeForGuest(
  host: QemuHost,
  domain: QemuDomain,
  path: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const live = domain.running();
  const written = replaceFile(path, async (temporary) => {
    live.writing = temporary;
    await host.statuses.write(statusOf(domain, live));
    await write(temporary);
  });
  live.written = written.catch(() => {});
  try {
    await written;
  } finally {
    live.writing = null;
  }
}
