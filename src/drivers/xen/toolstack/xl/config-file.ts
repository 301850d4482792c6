/** The file in which xl is told what to build. It may hold passwords: no one else reads it, and it is gone afterwards. */
import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemError } from "../../../../errors.ts";

/** Runs `work` with the path of a file that holds the text. `folder` is private. */
export async function withConfigFile<T>(folder: string, text: string, work: (path: string) => Promise<T>): Promise<T> {
  const path = join(folder, `${randomUUID()}.cfg`);
  try {
    await writeFile(path, text, { mode: 0o600, flag: "wx" }).catch((error) => {
      throw systemError("LIBXL", `cannot write '${path}'`, error);
    });
    return await work(path);
  } finally {
    await rm(path, { force: true });
  }
}
