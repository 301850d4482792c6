/** Where an image is, as QEMU's block layer says it: the driver of a protocol and its options. */
import { LibvirtError } from "../../../../errors.ts";
import { pciAddressText } from "../../../../model/common/pci-address.ts";
import type { StorageOf } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import type { DeviceContext } from "../devices/context.ts";
import type { Image } from "./image.ts";
import { networkProps } from "./network.ts";

/** Options of the protocol's node without its name and what all nodes have. */
export function sourceProps(image: Image, context: DeviceContext): JsonObject {
  const { storage, options } = image;
  switch (storage.type) {
    case "file":
      return { driver: "file", filename: filePath(storage, context), aio: options.io };
    case "block":
      return blockProps(image, storage, context);
    case "dir":
      return { driver: "vvfat", dir: storage.source?.dir, floppy: options.device === "floppy", rw: false };
    case "nvme":
      return nvmeProps(storage);
    case "network":
      return networkProps(image, storage, context);
    case "volume":
    case "vhostuser":
      throw new LibvirtError(
        "INTERNAL_ERROR",
        "QEMU",
        `storage of type '${storage.type}' is no node of the block layer`,
      );
  }
}

/** Descriptors that were passed for the file are opened as a set. */
function filePath({ source }: StorageOf<"file">, { facts }: DeviceContext): string | undefined {
  return source?.fdgroup === undefined ? source?.file : `/dev/fdset/${facts.fdSet(source.fdgroup).set}`;
}

function blockProps(
  { options, prManager }: Image,
  { source }: StorageOf<"block">,
  { facts }: DeviceContext,
): JsonObject {
  const filename = source?.dev ?? "";
  const isDrive = options.device === "cdrom" && facts.isHostCdrom(filename);
  return {
    driver: isDrive ? "host_cdrom" : "host_device",
    filename,
    aio: options.io,
    "pr-manager": prManager,
  };
}

function nvmeProps({ source }: StorageOf<"nvme">): JsonObject {
  if (source === undefined) return {};
  return { driver: "nvme", device: pciAddressText(source.address), namespace: Number(source.namespace) };
}
