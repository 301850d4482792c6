/** The formats of image files, which domains and volumes have in common. */

/** Formats an image may have, in libvirt's order. */
export const imageFormats = [
  "raw",
  "dir",
  "bochs",
  "cloop",
  "dmg",
  "iso",
  "vpc",
  "vdi",
  "fat",
  "vhd",
  "ploop",
  "luks",
  "cow",
  "qcow",
  "qcow2",
  "qed",
  "vmdk",
] as const;
