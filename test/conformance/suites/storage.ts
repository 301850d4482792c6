import { mountArguments } from "../../../src/drivers/storage/plan/mount.ts";
import { imageCommands } from "../../../src/drivers/storage/plan/qemu-img.ts";
import { formatPool, formatVolume, parsePool, parseVolume, type Volume } from "../../../src/model/storage/index.ts";
import { type Handler, input, type Request } from "../protocol.ts";

export const poolToPool: Handler = async (request) => formatPool(parsePool(await input(request)));

export const volumeToVolume: Handler = async (request) => {
  const pool = parsePool(await input(request, "pool"));
  const noCapacity = request.params?.noCapacity === true;
  return formatVolume(parseVolume(await input(request), pool.type, { noCapacity }));
};

/** Command lines as a shell would take them. */
const lines = (program: string, commands: readonly (readonly string[])[]): string =>
  commands.map((words) => [program, ...words].join(" ")).join("\n");

export const poolToCommand: Handler = async (request) =>
  lines("mount", [mountArguments(parsePool(await input(request)))]);

async function volumeOf(request: Request, role: string, poolRole: string, noCapacity: boolean): Promise<Volume> {
  const pool = parsePool(await input(request, poolRole));
  const volume = parseVolume(await input(request, role), pool.type, { noCapacity });
  // The driver's own choice, whatever the document says.
  return { ...volume, target: { ...volume.target, path: `${pool.target?.path}/${volume.name}` } };
}

export const volumeToCommands: Handler = async (request) => {
  const { params = {}, files } = request;
  const cloned = files?.inputVol !== undefined;
  const volume = await volumeOf(request, "input", "pool", params.optionalCapacity === true || cloned);
  const from = cloned ? await volumeOf(request, "inputVol", "inputPool", false) : undefined;
  const commands = imageCommands(volume, {
    ...(from && { from }),
    preallocate: params.preallocMetadata === true,
    secretFile: String(params.secretFile),
    fromSecretFile: String(params.inputSecretFile),
  });
  return lines("qemu-img", commands);
};
