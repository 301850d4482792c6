/** Timers: which exist on which boards, and what QEMU lets one set. */
import type { Clock, Domain } from "../../../model/domain/index.ts";
import { archOf, isArmVirt, isX86 } from "../definition/machine.ts";
import type { ValidationContext } from "./context.ts";
import { unsupported } from "./refuse.ts";

type Timer = Clock["timers"][number];

export function validateTimers(domain: Domain, context: ValidationContext): void {
  for (const timer of domain.clock.timers) validateTimer(timer, domain, context);
}

function validateTimer(timer: Timer, domain: Domain, { capabilities }: ValidationContext): void {
  switch (timer.name) {
    case "platform":
      unsupported(`unsupported timer type (name) '${timer.name}'`);
      break;
    case "tsc":
    case "kvmclock":
    case "hypervclock":
      if (timer.present !== undefined && !isX86(domain)) notHere(timer, domain);
      break;
    case "rtc":
      validateRtc(timer);
      break;
    case "pit":
      validatePit(timer);
      break;
    case "hpet": {
      // Without one to switch off, saying that it is off is no contradiction.
      const settable = isX86(domain) || capabilities.has("no-hpet") || capabilities.has("machine-hpet");
      if (timer.present === true && !settable) unsupported("hpet timer is not supported");
      break;
    }
    case "armvtimer":
      if (domain.type !== "kvm" || !isArmVirt(domain) || archOf(domain) !== "aarch64") notHere(timer, domain);
      if (timer.tickpolicy === "catchup" || timer.tickpolicy === "merge") {
        unsupported(`timer ${timer.name} doesn't support setting of timer tickpolicy`);
      }
      break;
  }
}

function notHere({ name }: Timer, { type, os }: Domain): never {
  return unsupported(
    `Configuring the '${name}' timer is not supported for virtType=${type} arch=${os.type.arch} machine=${os.type.machine} guests`,
  );
}

function validateRtc({ track, tickpolicy }: Timer): void {
  if (track === "boot") unsupported(`unsupported rtc timer track '${track}'`);
  if (tickpolicy === "merge" || tickpolicy === "discard") {
    unsupported(`unsupported rtc timer tickpolicy '${tickpolicy}'`);
  }
}

function validatePit({ tickpolicy }: Timer): void {
  if (tickpolicy === "merge") unsupported("unsupported pit tickpolicy 'merge'");
}
