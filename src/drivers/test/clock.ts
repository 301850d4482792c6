/** The time from which the driver makes up its statistics: they grow, and differ from call to call. */

/** Microseconds since the epoch. */
export function microseconds(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000));
}

/** Seconds since the epoch. */
export function seconds(): bigint {
  return BigInt(Math.floor(Date.now() / 1000));
}
