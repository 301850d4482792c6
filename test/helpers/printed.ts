/** What a guest prints on a serial port that goes to a file. */
import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Resolves when the file has held the text that often. */
export function untilPrinted(path: string, text: string, times = 1): Promise<void> {
  return new Promise((resolve) => {
    const look = async (): Promise<void> => {
      if ((await readFile(path, "latin1").catch(() => "")).split(text).length <= times) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(dirname(path), () => void look());
    void look();
  });
}
