/** Opens what an output of the log names. */
import { open } from "node:fs";
import { promisify } from "node:util";
import { systemError } from "../../errors.ts";
import { DescriptorSink } from "./descriptor-sink.ts";
import { openJournal } from "./journal.ts";
import type { LogLevel } from "./level.ts";
import type { OutputSetting } from "./outputs.ts";
import { severityPrefix } from "./severity.ts";
import type { LogSink } from "./sink.ts";
import { openSyslog } from "./syslog.ts";

const openFile = promisify(open);

/** Opens the place of an output. @throws LibvirtError SYSTEM_ERROR when it cannot be written to */
export async function openSink({ destination, argument }: OutputSetting): Promise<LogSink> {
  switch (destination) {
    case "stderr":
      return new DescriptorSink(2, false, journalPrefix());
    case "file":
      return openFileSink(argument);
    case "syslog":
      return openSyslog(argument);
    case "journald":
      return openJournal();
  }
}

async function openFileSink(path: string): Promise<LogSink> {
  try {
    return new DescriptorSink(await openFile(path, "a", 0o600), true);
  } catch (error) {
    throw systemError("NONE", `failed to open ${path}`, error);
  }
}

/** Where stderr goes to systemd's journal, each line begins with its severity. */
function journalPrefix(): (level: LogLevel) => string {
  return process.env.JOURNAL_STREAM === undefined ? () => "" : severityPrefix;
}
