/** The command `dump`. */
import { DomainCoreDumpFormat, DomainCoreDumpFlags as Dump } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { oneOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { data, flag, text } from "../../option.ts";
import { watchJob } from "../../shared/job.ts";
import { flagsOf } from "../../shared/rules.ts";
import { fileNames } from "../../shared/xml-options.ts";

const formats: Readonly<Record<string, number>> = {
  elf: DomainCoreDumpFormat.RAW,
  "kdump-zlib": DomainCoreDumpFormat.KDUMP_ZLIB,
  "kdump-lzo": DomainCoreDumpFormat.KDUMP_LZO,
  "kdump-snappy": DomainCoreDumpFormat.KDUMP_SNAPPY,
  "win-dmp": DomainCoreDumpFormat.WIN_DMP,
};

export const dump = command({
  name: "dump",
  summary: "write a guest's memory to a file",
  description: "Writes a running guest's memory to a file, for a debugger.",
  options: {
    domain: domainOption({ filter: DomainFilter.ACTIVE }),
    file: data("where to", { complete: fileNames }),
    live: flag("let it run meanwhile"),
    crash: flag("stop it afterwards, as crashed"),
    bypassCache: flag("go past the host's file cache"),
    reset: flag("reset it afterwards"),
    verbose: flag("show how far it is"),
    memoryOnly: flag("memory and registers only, for a debugger of its kernel"),
    format: text("format with --memory-only: elf, kdump-zlib, kdump-lzo, kdump-snappy, win-dmp", {
      complete: oneOf(...Object.keys(formats)),
    }),
  },
  async run(context) {
    const { options, notice } = context;
    const domain = await domainOf(context);
    const flags = flagsOf(options, {
      live: Dump.LIVE,
      crash: Dump.CRASH,
      bypassCache: Dump.BYPASS_CACHE,
      reset: Dump.RESET,
      memoryOnly: Dump.MEMORY_ONLY,
    });
    if (options.format !== undefined && !options.memoryOnly) {
      throw new CommandError("--format only works with --memory-only");
    }
    const format = formatOf(options.format ?? "elf");
    await attempt(`Failed to core dump domain '${domain.name()}' to ${options.file}`, () =>
      watchJob(context, domain, "Dump", options.verbose, () =>
        format === DomainCoreDumpFormat.RAW
          ? domain.coreDump(options.file, flags)
          : domain.coreDumpWithFormat(options.file, format, flags),
      ),
    );
    notice(`\nDomain '${domain.name()}' dumped to ${options.file}\n`);
  },
});

function formatOf(name: string): number {
  const format = formats[name];
  if (format !== undefined) return format;
  throw new CommandError(
    `format '${name}' is not supported, expecting 'kdump-zlib', 'kdump-lzo', 'kdump-snappy', 'win-dmp' or 'elf'`,
  );
}
