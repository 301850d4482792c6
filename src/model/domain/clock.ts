/** `<clock>`: what the guest's clock shows at start, and its timers. */
import {
  attr,
  child,
  type Infer,
  many,
  oneOf,
  pattern,
  type Shape,
  text,
  uint,
  ulong,
  variants,
  yesNo,
} from "../../xml/index.ts";

const timers = many({
  name: attr(oneOf("platform", "pit", "rtc", "hpet", "tsc", "kvmclock", "hypervclock", "armvtimer")).required(),
  present: attr(yesNo),
  /** What happens to ticks the guest was not there to get. */
  tickpolicy: attr(oneOf("delay", "catchup", "merge", "discard")),
  track: attr(oneOf("boot", "guest", "wall", "realtime")),
  /** Hertz. */
  frequency: attr(ulong),
  mode: attr(oneOf("auto", "native", "emulate", "paravirt", "smpsafe")),
  catchup: child({ threshold: attr(uint()), slew: attr(uint()), limit: attr(uint()) }),
}).named("timer");

/** `reset` at each start, or seconds to keep between host and guest. */
const adjustment = attr(pattern(/reset|[+-]?\d{1,18}/, "a number of seconds or 'reset'"));

const clockShape = variants(
  "offset",
  {
    utc: { adjustment, timers },
    localtime: { adjustment, timers },
    /** Seconds from the basis; the guest may change it. */
    variable: { adjustment: adjustment.default("0"), basis: attr(oneOf("utc", "localtime")).default("utc"), timers },
    timezone: { timezone: attr(text).required("INTERNAL_ERROR"), timers },
    /** Seconds since 1970. */
    absolute: { start: attr(ulong).required(), timers },
  },
  { default: "utc" },
);
export type Clock = Infer<typeof clockShape>;
export const clock: Shape<Clock> = clockShape;
