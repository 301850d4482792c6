/** Files that commands read and write. */
import { open } from "node:fs/promises";
import { systemError } from "../../errors.ts";

/** The longest XML file that is read, as in virsh. */
const maxXmlFile = 10 * 1024 * 1024;

/** The text of a file that holds XML. @throws {LibvirtError} */
export async function readXmlFile(path: string): Promise<string> {
  return (await readBounded(path, maxXmlFile)).toString("utf8");
}

/** The content of a file of at most `limit` bytes; a pipe or device will do. @throws {LibvirtError} */
export async function readBounded(path: string, limit: number): Promise<Buffer> {
  const file = await open(path).catch((error: unknown) => {
    throw systemError("NONE", `Failed to open file '${path}'`, error);
  });
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of file.createReadStream({ autoClose: false, end: limit })) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
    }
    if (length > limit) throw Object.assign(new Error(), { code: "EOVERFLOW" });
    return Buffer.concat(chunks, length);
  } catch (error) {
    throw systemError("NONE", `Failed to read file '${path}'`, error);
  } finally {
    await file.close();
  }
}
