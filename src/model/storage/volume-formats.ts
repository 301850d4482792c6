/** Formats that volumes may have. */
import { imageFormats } from "../common/image-format.ts";

/** Formats of image files; the first is the default. A volume with LUKS is a raw one that is encrypted. */
export const volumeFormats: readonly string[] = imageFormats.filter((format) => format !== "luks");

/** Types of partitions; the first is the default. */
export const partitionFormats: readonly string[] = [
  "none",
  "linux",
  "fat16",
  "fat32",
  "linux-swap",
  "linux-lvm",
  "linux-raid",
  "extended",
];
