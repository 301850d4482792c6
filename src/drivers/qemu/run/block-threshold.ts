/** Images that have grown beyond the size that somebody wanted to hear of. */
import { type Domain as Definition, imageOf } from "../../../model/domain/index.ts";
import { imageIndex, imagesOf } from "../domain/blocks.ts";
import { pathOf } from "./files/files.ts";

/** An image of a guest, as events about it name it. */
export interface NamedImage {
  /** `vda[2]`, and also `vda` for the image that the guest writes. */
  readonly names: readonly string[];
  readonly path: string | null;
}

/** The image whose node QEMU means; undefined for nodes that are none of the definition's images. */
export function imageOfNode({ devices }: Definition, node: string): NamedImage | undefined {
  const number = Number(/^libvirt-(\d{1,9})-/.exec(node)?.[1] ?? Number.NaN);
  for (const disk of devices.disks) {
    for (const storage of imagesOf(disk)) {
      if (imageIndex(storage) !== number) continue;
      const { dev } = disk.target;
      const indexed = `${dev}[${number}]`;
      const local = storage.type === "file" || storage.type === "block";
      return {
        names: storage === disk.storage ? [dev, indexed] : [indexed],
        path: (local ? imageOf(storage) : pathOf(storage)) || null,
      };
    }
  }
  return undefined;
}
