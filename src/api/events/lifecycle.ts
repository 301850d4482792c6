/** What happens to domains in words: `{ event: "started", detail: "booted" }`. */
import {
  DomainEventCrashedDetailType,
  DomainEventDefinedDetailType,
  DomainEventPMSuspendedDetailType,
  DomainEventResumedDetailType,
  DomainEventShutdownDetailType,
  DomainEventStartedDetailType,
  DomainEventStoppedDetailType,
  DomainEventSuspendedDetailType,
  DomainEventType,
  DomainEventUndefinedDetailType,
} from "../../protocol/index.ts";
import { type WordOf, wordOf } from "../values/names.ts";

/** The details of each event. */
const details = {
  defined: DomainEventDefinedDetailType,
  undefined: DomainEventUndefinedDetailType,
  started: DomainEventStartedDetailType,
  suspended: DomainEventSuspendedDetailType,
  resumed: DomainEventResumedDetailType,
  stopped: DomainEventStoppedDetailType,
  shutdown: DomainEventShutdownDetailType,
  pmsuspended: DomainEventPMSuspendedDetailType,
  crashed: DomainEventCrashedDetailType,
} as const;

/** What happened to a domain, and how it came to it. */
export type Lifecycle = {
  [Event in keyof typeof details]: { readonly event: Event; readonly detail: WordOf<(typeof details)[Event]> };
}[keyof typeof details];

/** What the numbers of a lifecycle event mean. An event that this release does not know is `unknown-N`. */
export function lifecycle(event: number, detail: number): Lifecycle {
  const name = wordOf(DomainEventType, event);
  const known: Readonly<Record<string, number>> = name in details ? details[name as Lifecycle["event"]] : {};
  return { event: name, detail: wordOf(known, detail) } as Lifecycle;
}
