/** How the daemon logs: what the configuration says, else the environment, else libvirt's defaults. */
import { dirname } from "node:path";
import { makeFolder } from "../host/files.ts";
import { LogLevel } from "./log/level.ts";
import { Log, type LogSettings } from "./log/log.ts";
import type { SettingValues } from "./settings/table.ts";

export interface LoggingOptions {
  readonly verbose: boolean;
  readonly background: boolean;
  /** The file of a daemon in the background. */
  readonly file: string;
  readonly env?: NodeJS.ProcessEnv;
}

export function logSettings(settings: SettingValues, options: LoggingOptions): LogSettings {
  const { verbose, background, file, env = process.env } = options;
  const asked = env.LIBVIRT_DEBUG === "1" ? LogLevel.debug : verbose ? LogLevel.info : LogLevel.error;
  const level = Math.min(settings.log_level, asked) as LogLevel;
  return {
    level,
    filters: settings.log_filters ?? env.LIBVIRT_LOG_FILTERS ?? "",
    outputs: settings.log_outputs ?? env.LIBVIRT_LOG_OUTPUTS ?? `${level}:${background ? `file:${file}` : "stderr"}`,
  };
}

export async function openLog(settings: SettingValues, options: LoggingOptions): Promise<Log> {
  const wanted = logSettings(settings, options);
  if (wanted.outputs.includes(options.file)) await makeFolder(dirname(options.file), 0o700, "NONE");
  return Log.open(wanted);
}
