import { formatPool, formatVolume, parsePool, parseVolume } from "../../../src/model/storage/index.ts";
import { type Handler, input } from "../protocol.ts";

export const poolToPool: Handler = async (request) => formatPool(parsePool(await input(request)));

export const volumeToVolume: Handler = async (request) => {
  const pool = parsePool(await input(request, "pool"));
  const noCapacity = request.params?.noCapacity === true;
  return formatVolume(parseVolume(await input(request), pool.type, { noCapacity }));
};
