/** Where a disk's image is: a file, or a block device. Without a path it is a drive without a medium. */
import { type Storage, storage } from "../domain/index.ts";

export const fileImage = (path: string | undefined): Storage =>
  storage.make(path ? { type: "file", source: { file: path } } : { type: "file" });

export const blockImage = (path: string | undefined): Storage =>
  storage.make(path ? { type: "block", source: { dev: path } } : { type: "block" });
