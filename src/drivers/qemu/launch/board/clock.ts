/** `-rtc` and what other timers are told. */
import { LibvirtError } from "../../../../errors.ts";
import type { Clock, Domain } from "../../../../model/domain/index.ts";
import type { Guest } from "../context.ts";
import { keyedOption } from "../parts/keyed-option.ts";
import { option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";

type Timer = Clock["timers"][number];

const timerNamed = ({ timers }: Clock, name: Timer["name"]): Timer | undefined =>
  timers.find((timer) => timer.name === name);

export function clockParts(guest: Guest): Part[] {
  const { clock } = guest.domain;
  const rtc = timerNamed(clock, "rtc");
  return [
    keyedOption("-rtc", undefined, {
      base: base(clock, guest),
      clock: rtc?.track === undefined ? undefined : trackedClock(rtc.track),
      // Ticks that the guest missed are made good, faster than they would come.
      driftfix: rtc?.tickpolicy === "catchup" ? "slew" : undefined,
    }),
    ...pitParts(guest),
  ];
}

const clocks = { guest: "vm", wall: "host", realtime: "rt" } as const;

function trackedClock(track: NonNullable<Timer["track"]>): string {
  if (track !== "boot") return clocks[track];
  throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", `unsupported rtc timer track '${track}'`);
}

/** What the guest's clock shows at start. */
function base(clock: Clock, { now, utcOffset }: Guest): string {
  switch (clock.offset) {
    case "utc":
    case "localtime": {
      const adjustment = fixedAdjustment(clock.adjustment);
      if (adjustment === undefined) return clock.offset;
      return dateTime(now + (clock.offset === "localtime" ? utcOffset : 0) + adjustment);
    }
    case "timezone":
      return "localtime";
    case "variable":
      return dateTime(now + (clock.basis === "localtime" ? utcOffset : 0) + (fixedAdjustment(clock.adjustment) ?? 0));
    case "absolute":
      return dateTime(Number(clock.start));
  }
}

/** Seconds to keep between host and guest; undefined where each start begins at the host's time. */
function fixedAdjustment(adjustment: string | undefined): number | undefined {
  return adjustment === undefined || adjustment === "reset" ? undefined : Number(adjustment);
}

function dateTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "");
}

/** Where the guest's time zone is not the host's, QEMU must be in it. */
export function clockEnvironment({ clock }: Domain): Record<string, string> {
  return clock.offset === "timezone" ? { TZ: clock.timezone } : {};
}

function pitParts({ domain: { clock }, capabilities }: Guest): Part[] {
  const policy = timerNamed(clock, "pit")?.tickpolicy;
  if (policy !== "delay" && policy !== "discard") return [];
  if (!capabilities.has("kvm-pit-lost-tick-policy")) return [];
  return [option("-global", `kvm-pit.lost_tick_policy=${policy}`)];
}
