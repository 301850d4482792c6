/** The command `blkdeviotune`. */
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { diskTargets } from "../../objects/disk.ts";
import { domainOf, domainOption } from "../../objects/domain.ts";
import { bytes, data, optionName, text, ulonglong } from "../../option.ts";
import { impactFlags, impactOptions } from "../../shared/impact.ts";
import { type Parameters, printParameters, setParameters } from "../../shared/parameters.ts";

/** Every limit; libvirt's parameter is its name with underscores. */
const limits = {
  totalBytesSec: bytes("most bytes a second"),
  readBytesSec: bytes("most bytes read a second"),
  writeBytesSec: bytes("most bytes written a second"),
  totalIopsSec: ulonglong("most requests a second"),
  readIopsSec: ulonglong("most reads a second"),
  writeIopsSec: ulonglong("most writes a second"),
  totalBytesSecMax: bytes("most bytes a second in a burst"),
  readBytesSecMax: bytes("most bytes read a second in a burst"),
  writeBytesSecMax: bytes("most bytes written a second in a burst"),
  totalIopsSecMax: ulonglong("most requests a second in a burst"),
  readIopsSecMax: ulonglong("most reads a second in a burst"),
  writeIopsSecMax: ulonglong("most writes a second in a burst"),
  sizeIopsSec: ulonglong("bytes that count as one request"),
  groupName: text("group of disks that share these limits"),
  totalBytesSecMaxLength: ulonglong("longest burst of bytes, in seconds"),
  readBytesSecMaxLength: ulonglong("longest burst of bytes read, in seconds"),
  writeBytesSecMaxLength: ulonglong("longest burst of bytes written, in seconds"),
  totalIopsSecMaxLength: ulonglong("longest burst of requests, in seconds"),
  readIopsSecMaxLength: ulonglong("longest burst of reads, in seconds"),
  writeIopsSecMaxLength: ulonglong("longest burst of writes, in seconds"),
} as const;

type LimitName = keyof typeof limits;
const limitNames = Object.keys(limits) as LimitName[];

function parameterName(key: string): string {
  return optionName(key).replaceAll("-", "_");
}

export const blkdeviotune = command({
  name: "blkdeviotune",
  summary: "limits on what a guest does with a disk",
  description: "Sets limits on a guest's use of one disk; without one, shows them.",
  options: {
    domain: domainOption(),
    device: data("target or source of the disk", { complete: diskTargets }),
    ...limits,
    ...impactOptions,
  },
  aliases: Object.fromEntries(limitNames.map((key) => [parameterName(key), optionName(key)])),
  async query(context) {
    const { options } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    const wanted = setParameters(Object.fromEntries(limitNames.map((key) => [parameterName(key), options[key]])));
    if (wanted !== undefined) {
      await attempt("Unable to change block I/O throttle", () => domain.setBlockIoTune(options.device, wanted, flags));
      return undefined;
    }
    return attempt("Unable to get block I/O throttle parameters", () => domain.blockIoTune(options.device, flags));
  },
  print: (parameters: Parameters) => printParameters(parameters),
});
