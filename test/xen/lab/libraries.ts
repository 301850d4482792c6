/** The libraries of programs that are brought into the lab. */
import { linesOf } from "./programs.ts";

/** The libraries that programs need, by their paths here; those in `folders` come first. */
export async function librariesOf(files: readonly string[], folders: readonly string[]): Promise<Set<string>> {
  const env = { ...process.env, LD_LIBRARY_PATH: folders.join(":") };
  const found = new Set<string>();
  for (const file of files) {
    const lines = await linesOf("ldd", [file], { env });
    for (const line of lines) {
      const path = /=> (\/\S+)/.exec(line)?.[1];
      if (path !== undefined) found.add(path);
    }
  }
  return found;
}
