/** What the machine offers: features, clock and timers. */
import {
  type Clock,
  type Domain,
  type Features,
  features as featuresShape,
  type ParsedDomain,
} from "../domain/index.ts";
import { unsupported } from "../domain/refuse.ts";
import { flag, isHvm, type Setting } from "./setting.ts";

function featuresOf(draft: ParsedDomain): Features {
  draft.features ??= featuresShape.make({});
  return draft.features;
}

/** A feature that is there or not; HVM guests say which, and have it when their configuration says nothing. */
function plainFeature(name: "pae" | "acpi" | "viridian"): Setting {
  return {
    name,
    read: (given, draft) => {
      if (isHvm(draft)) featuresOf(draft)[name] = given.yes();
    },
    write: (domain) => (isHvm(domain) ? flag(domain.features?.[name] === true) : undefined),
  };
}

/** HVM guests are PCs unless they say that they are not. */
export function setUsualFeatures(draft: ParsedDomain): void {
  Object.assign(featuresOf(draft), { acpi: true, apic: {}, pae: true });
}

const passthroughWords = { enabled: undefined, sync_pt: "sync_pt", share_pt: "share_pt" } as const;

export const features: readonly Setting[] = [
  plainFeature("pae"),
  plainFeature("acpi"),
  {
    name: "apic",
    read: (given, draft) => {
      if (!isHvm(draft)) return;
      if (given.yes()) featuresOf(draft).apic = {};
      else delete featuresOf(draft).apic;
    },
    write: (domain) => (isHvm(domain) ? flag(domain.features?.apic !== undefined) : undefined),
  },
  {
    name: "hap",
    read: (given, draft) => {
      if (!given.yes()) featuresOf(draft).hap = { state: false };
    },
    write: ({ features }) => (features?.hap === undefined ? undefined : flag(features.hap.state)),
  },
  plainFeature("viridian"),
  {
    name: "e820_host",
    read: (given, draft) => {
      if (given.yes()) featuresOf(draft).xen = { ...featuresOf(draft).xen, e820_host: { state: true } };
    },
    write: ({ features }) => (features?.xen?.e820_host === undefined ? undefined : flag(features.xen.e820_host.state)),
  },
  {
    name: "passthrough",
    read: (given, draft) => {
      const word = given.text();
      if (word === "default") return;
      const features = featuresOf(draft);
      if (word === "disabled") {
        features.xen = { ...features.xen, passthrough: { state: false } };
        return;
      }
      if (!Object.hasOwn(passthroughWords, word)) given.fail(`unknown kind of passthrough '${word.slice(0, 40)}'`);
      const mode = passthroughWords[word as keyof typeof passthroughWords];
      features.xen = { ...features.xen, passthrough: { state: true, ...(mode && { mode }) } };
    },
    write: ({ features }) => {
      const passthrough = features?.xen?.passthrough;
      if (passthrough === undefined) return undefined;
      return passthrough.state ? (passthrough.mode ?? "enabled") : "disabled";
    },
  },
];

type Timer = Clock["timers"][number];

const timerOf = ({ clock }: ParsedDomain, name: Timer["name"]): Timer | undefined =>
  clock.timers.find((timer) => timer.name === name);

const tscModes = { default: "auto", always_emulate: "emulate", native: "native", native_paravirt: "paravirt" } as const;
type TscWord = keyof typeof tscModes;

/** xl counts these words from 0, too. */
const tscNumbers: readonly TscWord[] = ["default", "always_emulate", "native", "native_paravirt"];

export const timers: readonly Setting[] = [
  {
    name: "tsc_mode",
    read: (given, draft) => {
      const text = given.text();
      const word = /^\d$/.test(text) ? tscNumbers[Number(text)] : text;
      if (word === undefined || !Object.hasOwn(tscModes, word)) given.fail(`unknown mode '${text.slice(0, 40)}'`);
      draft.clock.timers.push({ name: "tsc", present: true, mode: tscModes[word as TscWord] });
    },
    write: (domain) => {
      const timer = timerOf(domain, "tsc");
      if (timer === undefined) return undefined;
      return tscNumbers.find((word) => tscModes[word] === timer.mode) ?? "default";
    },
  },
  {
    name: "hpet",
    read: (given, draft) => {
      if (isHvm(draft)) draft.clock.timers.push({ name: "hpet", present: given.yes() });
    },
    write: (domain) => {
      const timer = timerOf(domain, "hpet");
      if (timer === undefined) return undefined;
      if (!isHvm(domain)) unsupported("only HVM guests have an HPET timer");
      return flag(timer.present !== false);
    },
  },
];

/** Seconds from the clock that the guest is shown, and whether that is local time. */
interface Offset {
  readonly seconds: bigint;
  readonly isLocal: boolean;
}

function offsetOf({ clock }: Domain): Offset {
  switch (clock.offset) {
    case "utc":
      return { seconds: 0n, isLocal: false };
    case "localtime":
      return { seconds: 0n, isLocal: true };
    case "variable":
      return {
        seconds: clock.adjustment === "reset" ? 0n : BigInt(clock.adjustment),
        isLocal: clock.basis === "localtime",
      };
    default:
      return unsupported(`unsupported clock offset='${clock.offset}'`);
  }
}

/** The clock of a paravirtual guest starts anew each time; that of an HVM guest is kept, as its firmware would. */
export function setClock(draft: ParsedDomain, { seconds, isLocal }: Offset): void {
  const { timers } = draft.clock;
  const basis = isLocal ? "localtime" : "utc";
  draft.clock = isHvm(draft)
    ? { offset: "variable", adjustment: String(seconds), basis, timers }
    : { offset: basis, adjustment: "reset", timers };
}

export const clock: readonly Setting[] = [
  {
    name: "localtime",
    read: (given, draft) => setClock(draft, { seconds: 0n, isLocal: given.yes() }),
    write: (domain) => flag(offsetOf(domain).isLocal),
  },
  {
    name: "rtc_timeoffset",
    read: (given, draft) => {
      if (draft.clock.offset === "variable") draft.clock.adjustment = String(given.signed());
    },
    write: (domain) => (isHvm(domain) ? offsetOf(domain).seconds : undefined),
  },
];
