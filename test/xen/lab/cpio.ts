/** Archives as the kernel takes them for its first file system (cpio, "newc"). */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";

const DIRECTORY = 0o40000;
const FILE = 0o100000;
const LINK = 0o120000;

/** Files by their paths in the archive; folders above them come by themselves. */
export class Archive {
  readonly #parts: Buffer[] = [];
  readonly #paths = new Set<string>([".", "/", ""]);
  #inode = 1;

  folder(path: string): void {
    if (this.#paths.has(path)) return;
    this.#add(path, DIRECTORY | 0o755, Buffer.alloc(0));
  }

  file(path: string, content: string | Buffer, mode = 0o644): void {
    this.#add(path, FILE | mode, Buffer.from(content as string));
  }

  program(path: string, content: string | Buffer): void {
    this.file(path, content, 0o755);
  }

  link(path: string, target: string): void {
    this.#add(path, LINK | 0o777, Buffer.from(target));
  }

  /** Takes in a file of the machine, whole even where it is a link. */
  copy(path: string, source: string): void {
    this.file(path, readFileSync(source), 0o755);
  }

  /** Takes in a folder of the machine, as far as `wanted` says of paths below it. */
  copyTree(path: string, source: string, wanted: (path: string) => boolean = () => true): void {
    for (const name of readdirSync(source)) {
      const from = join(source, name);
      const to = join(path, name);
      const stat = lstatSync(from);
      if (stat.isSymbolicLink()) this.link(to, readlinkSync(from));
      else if (stat.isDirectory()) this.copyTree(to, from, wanted);
      else if (wanted(from)) this.copy(to, from);
    }
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /** The archive's bytes. Archives behind each other in one file are taken one after the other. */
  finish(): Buffer {
    this.#entry("TRAILER!!!", 0, Buffer.alloc(0));
    return Buffer.concat(this.#parts);
  }

  #add(path: string, mode: number, content: Buffer): void {
    if (this.#paths.has(path)) throw new Error(`${path} is in the archive already`);
    this.folder(dirname(path));
    this.#paths.add(path);
    this.#entry(path.replace(/^\//, ""), mode, content);
  }

  #entry(name: string, mode: number, content: Buffer): void {
    const bytes = Buffer.from(`${name}\0`);
    const fields = [this.#inode++, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, bytes.length, 0];
    const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`);
    this.#parts.push(header, bytes, padding(header.length + bytes.length), content, padding(content.length));
  }
}

function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}
