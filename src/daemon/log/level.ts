/** How much a line of the log matters, as libvirt counts it. */

export const LogLevel = { debug: 1, info: 2, warning: 3, error: 4 } as const;
export type LogLevelName = keyof typeof LogLevel;
/** 1 debug, 2 information, 3 warnings, 4 errors. */
export type LogLevel = (typeof LogLevel)[LogLevelName];

const names = Object.keys(LogLevel) as LogLevelName[];

export function levelName(level: LogLevel): LogLevelName {
  return names[level - 1] ?? "error";
}

/** A level as configuration writes it, a digit; undefined when it is none. */
export function parseLevel(text: string): LogLevel | undefined {
  return /^[1-4]$/.test(text) ? (Number(text) as LogLevel) : undefined;
}
