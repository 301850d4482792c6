/** References to images that others lie on, as the sources they mean. */

import { type Disk, domainDocument, parseDomain } from "../../../src/model/domain/index.ts";
import { parseReference } from "../../../src/model/image/reference.ts";
import type { Handler } from "../protocol.ts";

const empty =
  "<domain type='qemu'><name>x</name><memory>1</memory><os><type arch='x86_64'>hvm</type></os>" +
  "<devices><disk type='file' device='disk'><target dev='vda' bus='virtio'/></disk></devices></domain>";

export const backingReference: Handler = (request) => {
  const { storage } = parseReference(String(request.params?.backing));
  const domain = parseDomain(empty, { skipValidation: true });
  for (const disk of domain.devices.disks as Disk[]) disk.storage = storage;
  const [source] = /<source[^>]*\/>|<source.*<\/source>/s.exec(domainDocument.format(domain, { secure: true })) ?? [];
  return source ?? "";
};
