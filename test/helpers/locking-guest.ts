/**
 * A guest in one boot sector that minds the door of its CD drive: on the secondary IDE channel of machine `pc` it locks
 * the tray, prints "LOCKED" on the first serial port, waits for a key, unlocks and opens the tray, and sleeps.
 */
import { writeFile } from "node:fs/promises";

const CODE =
  "31c08ed8fcbe457ce81500baf803b90700f36e31c0cd16e80600e80300f4ebfdba7601b0a0ee42eca88075fbb0a0eeeca808" +
  "74fbba7001b90600f36fba7701eca88075fbc31e00000001000000000000004c4f434b45440a1e0000000000000000000000" +
  "1b0000000200000000000000";

/** Writes a raw disk image of 1 MiB with the guest. */
export async function writeLockingGuest(path: string): Promise<void> {
  const image = Buffer.alloc(1024 * 1024);
  image.write(CODE, "hex");
  image.writeUInt16LE(0xaa55, 510);
  await writeFile(path, image);
}
