/** The test driver as a subject of the suite, wherever it runs. */
import type { StorageSubject } from "./storage.ts";
import type { Feature } from "./subject.ts";

/** All that ours can. */
export const testSubject = {
  driver: "test",
  features: new Set<Feature>([
    "transient",
    "managed-save",
    "save",
    "snapshots",
    "networks",
    "storage",
    "volume-content",
    "start-flags",
    "revert-to-running",
    "volume-resize",
    "bounded-volumes",
    "secrets",
    "rename",
  ]),
  domainXml: (name: string, extra = "") =>
    `<domain type='test'><name>${name}</name>${extra}<memory>8192</memory><os><type>hvm</type></os></domain>`,
  poolXml: (name: string) => `<pool type='dir'><name>${name}</name><target><path>/${name}</path></target></pool>`,
} satisfies Omit<StorageSubject, "name" | "open">;
