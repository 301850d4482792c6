import type { LogLevel } from "./level.ts";

/** syslog's numbers for the levels. */
const severities: Readonly<Record<LogLevel, number>> = { 1: 7, 2: 6, 3: 4, 4: 3 };

/** What a line begins with for syslog and the journal, which take it off. */
export const severityPrefix = (level: LogLevel): string => `<${severities[level]}>`;
