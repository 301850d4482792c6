/** Settings of the domain itself: what it is called, what it gets, what follows its end. */

import { formatCpuset, parseCpuset, uuid } from "../../xml/index.ts";
import type { Domain, ParsedDomain } from "../domain/index.ts";
import { type Setting, textSetting, wordSetting, type XenHost } from "./setting.ts";

/** MiB of a guest whose configuration does not say. */
const defaultMemory = 64;
const kibPerMib = 1024n;

/** Sizes are in MiB there: a part of one counts as one. */
export const mebibytes = (kib: bigint): bigint => (kib + kibPerMib - 1n) / kibPerMib;

const machines = { hvm: "xenfv", xen: "xenpv", xenpvh: "xenpvh" } as const;
type GuestType = keyof typeof machines;

/** What kind of guest it is. */
export function setGuestType({ os }: ParsedDomain, value: GuestType, { arch }: XenHost): void {
  os.type = { arch, machine: machines[value], value };
}

const typeWords = { pv: "xen", pvh: "xenpvh", hvm: "hvm" } as const;

/** The kind comes first: others depend on it. */
export const kind: readonly Setting[] = [
  {
    name: "builder",
    read: (given, draft, host) => setGuestType(draft, given.text() === "hvm" ? "hvm" : "xen", host),
    write: ({ os }) => (os.type.value === "hvm" ? "hvm" : undefined),
  },
  {
    name: "type",
    read: (given, draft, host) => {
      const word = given.text();
      if (!Object.hasOwn(typeWords, word)) given.fail(`'${word.slice(0, 40)}' is not one of pv, pvh, hvm`);
      setGuestType(draft, typeWords[word as keyof typeof typeWords], host);
    },
    write: ({ os }) => (os.type.value === "xenpvh" ? "pvh" : undefined),
  },
];

export const identity: readonly Setting[] = [
  textSetting("name", {
    get: ({ name }) => name,
    set: (domain, name) => {
      domain.name = name;
    },
  }),
  {
    name: "uuid",
    read: (given, draft) => {
      draft.uuid = uuid.parse(given.text()) ?? given.fail("a UUID is expected");
    },
    write: (domain: Domain) => domain.uuid,
  },
];

export const memory: readonly Setting[] = [
  {
    name: "memory",
    read: (given, draft) => {
      draft.currentMemory = BigInt(given.number(maxMib)) * kibPerMib;
      draft.memory.value = draft.currentMemory;
    },
    write: ({ currentMemory }) => mebibytes(currentMemory),
  },
  {
    name: "maxmem",
    read: (given, draft) => {
      draft.memory.value = BigInt(given.number(maxMib)) * kibPerMib;
    },
    write: ({ memory }) => mebibytes(memory.value),
  },
];

const maxMib = 2 ** 44;

export function setDefaultMemory(draft: ParsedDomain): void {
  draft.currentMemory = BigInt(defaultMemory) * kibPerMib;
  draft.memory.value = draft.currentMemory;
}

/** Most vCPUs of the model. */
const maxVcpus = 16384;

export const processors: readonly Setting[] = [
  {
    name: "vcpus",
    read: (given, draft) => {
      draft.vcpu.value = given.number(maxVcpus);
    },
    write: ({ vcpu }) => BigInt(vcpu.current ?? vcpu.value),
  },
  {
    name: "maxvcpus",
    read: (given, draft) => {
      const current = draft.vcpu.value;
      draft.vcpu.value = given.number(maxVcpus);
      if (current < draft.vcpu.value) draft.vcpu.current = current;
    },
    write: ({ vcpu }) => (vcpu.current === undefined ? undefined : BigInt(vcpu.value)),
  },
  {
    // Which of them are there at start, as a mask.
    name: "vcpu_avail",
    read: (given, draft) => {
      const there = given.signed().toString(2).replaceAll(/[^1]/g, "").length;
      if (there < draft.vcpu.value) draft.vcpu.current = there;
    },
  },
  {
    name: "cpus",
    read: (given, draft) => {
      const text = given.isList
        ? given
            .list()
            .map((one) => one.text())
            .join(",")
        : given.text();
      if (text === "all" || text === "") return;
      if (!/^[\d,^\s-]+$/.test(text)) given.fail(`'${text.slice(0, 60)}' is not a set of processors such as 0-3,^2`);
      draft.vcpu.cpuset = parseCpuset(text);
    },
    write: ({ vcpu }) => (vcpu.cpuset === undefined ? undefined : formatCpuset(vcpu.cpuset)),
  },
];

const actions = ["destroy", "restart", "rename-restart", "preserve"] as const;
const crashActions = [...actions, "coredump-destroy", "coredump-restart"] as const;

export const endings: readonly Setting[] = [
  wordSetting("on_poweroff", actions, {
    get: (domain) => domain.on_poweroff,
    set: (domain, action) => {
      domain.on_poweroff = action;
    },
  }),
  wordSetting("on_reboot", actions, {
    get: (domain) => domain.on_reboot,
    set: (domain, action) => {
      domain.on_reboot = action;
    },
  }),
  wordSetting("on_crash", crashActions, {
    get: (domain) => domain.on_crash,
    set: (domain, action) => {
      domain.on_crash = action;
    },
  }),
];

export const emulator: readonly Setting[] = [
  {
    name: "device_model",
    read: (given, draft) => {
      draft.devices.emulator = given.text();
    },
  },
  textSetting("device_model_override", {
    get: ({ devices }) => devices.emulator,
    set: ({ devices }, path) => {
      devices.emulator = path;
    },
  }),
];
