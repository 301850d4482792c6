/** Encrypted images. */
import type { Encryption } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";

/** How QEMU is told of an encryption inside another format. */
export function formatEncryption({ format }: Encryption, secret: string): JsonObject {
  return { format: format === "qcow" ? "aes" : format, "key-secret": secret };
}
