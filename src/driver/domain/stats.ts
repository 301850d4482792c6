/** Which domains and which statistics a client asks for (virConnectGetAllDomainStats). */
import { type ErrorDomainName, LibvirtError } from "../../errors.ts";
import { ConnectGetAllDomainStatsFlags, DomainState } from "../../protocol/index.ts";
import { type ListQuestion, questionFlags, yesOrNo } from "../list-filter.ts";

const Listed = ConnectGetAllDomainStatsFlags;

/** What the flags ask about a domain. */
export interface StatsSubject {
  readonly active: boolean;
  readonly persistent: boolean;
  readonly state: DomainState;
}

/** The questions of the flags, of whatever a driver's domains are. */
export function statsQuestions<T>(subjectOf: (domain: T) => StatsSubject): readonly ListQuestion<T>[] {
  const isIn = (state: DomainState) => (domain: T) => subjectOf(domain).state === state;
  const named = [DomainState.RUNNING, DomainState.PAUSED, DomainState.SHUTOFF] as readonly DomainState[];
  return [
    yesOrNo(Listed.ACTIVE, Listed.INACTIVE, (domain) => subjectOf(domain).active),
    yesOrNo(Listed.PERSISTENT, Listed.TRANSIENT, (domain) => subjectOf(domain).persistent),
    [
      [Listed.RUNNING, isIn(DomainState.RUNNING)],
      [Listed.PAUSED, isIn(DomainState.PAUSED)],
      [Listed.SHUTOFF, isIn(DomainState.SHUTOFF)],
      [Listed.OTHER, (domain) => !named.includes(subjectOf(domain).state)],
    ],
  ];
}

/** All flags of the call. */
export function statsFlags<T>(questions: readonly ListQuestion<T>[]): number {
  return questionFlags(questions) | Listed.NOWAIT | Listed.BACKING | Listed.ENFORCE_STATS;
}

/** The kinds that are asked for, of those there are; 0 asks for all. */
export function wantedStats<C>(
  collectors: readonly (readonly [kind: number, collect: C])[],
  stats: number,
  flags: number,
  domain: ErrorDomainName,
): readonly C[] {
  const wanted = stats === 0 ? collectors : collectors.filter(([kind]) => (stats & kind) !== 0);
  const missing = wanted.reduce((rest, [kind]) => rest & ~kind, stats) >>> 0;
  if (missing !== 0 && (flags & Listed.ENFORCE_STATS) !== 0) {
    const detail = `Stats types bits 0x${missing.toString(16)} are not supported by this daemon`;
    throw new LibvirtError("ARGUMENT_UNSUPPORTED", domain, detail);
  }
  return wanted.map(([, collect]) => collect);
}
