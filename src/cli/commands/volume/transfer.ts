/** A volume's data, in and out. */
import { stat } from "node:fs/promises";
import { systemError } from "../../../errors.ts";
import { StorageVolDownloadFlags, StorageVolUploadFlags } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { inPool, volumeOf, volumeOption } from "../../objects/pool.ts";
import { bytes, data, flag } from "../../option.ts";
import { createOutput, sendFile } from "../../shared/transfer.ts";
import { fileNames } from "../../shared/xml-options.ts";

const sparse = flag("leave holes where there are holes");

export const volDownload = command({
  name: "vol-download",
  summary: "copy a volume's data to a file",
  description: "Writes a volume's data to a file here.",
  options: {
    vol: volumeOption(),
    file: data("the file", { complete: fileNames }),
    pool: inPool,
    offset: bytes("where in the volume to begin"),
    length: bytes("how much"),
    sparse,
  },
  async run(context) {
    const { options } = context;
    const volume = await volumeOf(context);
    const flags = options.sparse ? StorageVolDownloadFlags.SPARSE_STREAM : 0;
    await using output = await createOutput(options.file);
    const stream = await attempt(`cannot download from volume ${volume.name()}`, () =>
      volume.download(options.offset ?? 0n, options.length ?? 0n, flags),
    );
    await attempt(`cannot receive data from volume ${volume.name()}`, () => output.save(stream));
  },
});

export const volUpload = command({
  name: "vol-upload",
  summary: "copy a file's data to a volume",
  description: "Writes a file from here into a volume.",
  options: {
    vol: volumeOption(),
    file: data("the file", { complete: fileNames }),
    pool: inPool,
    offset: bytes("where in the volume to begin"),
    length: bytes("how much"),
    sparse,
  },
  async run(context) {
    const { options } = context;
    const volume = await volumeOf(context);
    const info = await stat(options.file).catch((error: unknown) => {
      throw systemError("NONE", `cannot read ${options.file}`, error);
    });
    const length = options.length ?? 0n;
    if (length > BigInt(info.size)) throw new CommandError("file is smaller than specified length");
    const flags = options.sparse ? StorageVolUploadFlags.SPARSE_STREAM : 0;
    const stream = await attempt(`cannot upload to volume ${volume.name()}`, () =>
      volume.upload(options.offset ?? 0n, length, flags),
    );
    await attempt(`cannot send data to volume ${volume.name()}`, () => sendFile(options.file, length, stream));
  },
});
