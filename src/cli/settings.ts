/** What the outer options and the environment decide, before any command is read. */
export interface Settings {
  /** From `--connect`: must be reachable before the first command runs. */
  readonly uri: string | undefined;
  readonly readonly: boolean;
  readonly quiet: boolean;
  readonly timing: boolean;
  /** 0 (everything) to 4 (errors only): what goes into the log file. */
  readonly debug: number;
  readonly logFile: string | undefined;
  /** The byte that leaves a guest's console. */
  readonly escape: number;
  /** Seconds between keepalive probes, 0 for none; undefined leaves the connection's default. */
  readonly keepaliveInterval: number | undefined;
  readonly keepaliveCount: number | undefined;
}

/** Ctrl-]. */
const DEFAULT_ESCAPE = 0x1d;

export const defaultSettings: Settings = {
  uri: undefined,
  readonly: false,
  quiet: false,
  timing: false,
  debug: 4,
  logFile: undefined,
  escape: DEFAULT_ESCAPE,
  keepaliveInterval: undefined,
  keepaliveCount: undefined,
};
