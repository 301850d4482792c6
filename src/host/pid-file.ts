/**
 * The file that says which process a daemon is, which is also what keeps a second one out: the lock is a name in the
 * kernel, made of the file's inode, and goes with its holder, however that ends. A file that a killed daemon left behind
 * is taken over.
 */
import { constants, type FileHandle, open, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { type ErrorDomainName, LibvirtError, systemError } from "../errors.ts";
import { makeFolder } from "./files.ts";
import { askHolder, type BoundName, bindName, type Lock } from "./lock.ts";

/** Takes a pid file and writes our number into it. @throws LibvirtError RESOURCE_BUSY when another process has it */
export async function takePidFile(path: string, domain: ErrorDomainName): Promise<Lock> {
  await makeFolder(dirname(path), 0o755, domain);
  for (;;) {
    const file = await openPidFile(path, domain);
    try {
      const name = await claim(file, path, domain);
      // Between opening and claiming, a daemon that ended may have removed it: then it is another file by now.
      if (name !== null && (await isStill(path, file))) {
        await file.truncate();
        await file.write(`${process.pid}\n`, 0);
        return held(path, name);
      }
      await name?.close();
    } finally {
      await file.close();
    }
  }
}

async function openPidFile(path: string, domain: ErrorDomainName): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
  } catch (error) {
    throw systemError(domain, `Failed to open pid file '${path}'`, error);
  }
}

async function claim(file: FileHandle, path: string, domain: ErrorDomainName): Promise<BoundName | null> {
  const { dev, ino } = await file.stat({ bigint: true });
  const address = `\0tsvirt-pid-${dev}-${ino}`;
  const name = await bindName(address);
  if (name !== null) return name;
  const pid = await askHolder(address);
  // It ended just now.
  if (pid === null) return null;
  const who = pid === undefined ? "another process" : `the process with pid ${pid}`;
  throw new LibvirtError(
    "RESOURCE_BUSY",
    domain,
    `Failed to acquire pid file '${path}': ${who} has it. A daemon is running already`,
  );
}

async function isStill(path: string, file: FileHandle): Promise<boolean> {
  const [own, there] = await Promise.all([file.stat({ bigint: true }), stat(path, { bigint: true }).catch(() => null)]);
  return there !== null && there.dev === own.dev && there.ino === own.ino;
}

function held(path: string, name: BoundName): Lock {
  let releasing: Promise<void> | undefined;
  const release = (): Promise<void> => {
    releasing ??= unlink(path)
      .catch(() => {})
      .then(() => name.close());
    return releasing;
  };
  return { release, [Symbol.asyncDispose]: release };
}
