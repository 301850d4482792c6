/** The guest's processor: features on and off (`cpuid`), and whether it can run guests itself. */
import type { Cpu, Domain } from "../domain/index.ts";
import { cpuOf } from "./numa.ts";
import { flag, isHvm, type Setting } from "./setting.ts";

type Feature = Cpu["features"][number];

/** Names of features that Xen and libvirt do not share: Xen's, and the definition's. */
const xenNames: Readonly<Record<string, string>> = {
  cmpxchg16: "cx16",
  cntxid: "cid",
  dscpl: "ds_cpl",
  pclmulqdq: "pclmuldq",
  sse3: "pni",
  htt: "ht",
  psn: "pn",
  clfsh: "clflush",
  sysenter: "sep",
  cmpxchg8: "cx8",
  nodeid: "nodeid_msr",
  altmovcr8: "cr8legacy",
  lahfsahf: "lahf_lm",
  cmplegacy: "cmp_legacy",
  ffxsr: "fxsr_opt",
  page1gb: "pdpe1gb",
  ibrsb: "spec-ctrl",
};
const ownNames = new Map(Object.entries(xenNames).map(([xen, name]) => [name, xen]));

/** The two features by which a processor virtualizes. */
export const virtualizing: readonly string[] = ["vmx", "svm"];

const policies = { "1": "force", "0": "disable", x: "optional" } as const;
export const featureMarks: Readonly<Record<Feature["policy"], string>> = {
  ...{ force: "1", require: "1", optional: "x", disable: "0", forbid: "0" },
};

const isOff = ({ policy }: Feature): boolean => policy === "disable" || policy === "forbid";

/** Whether an HVM guest is to be able to run guests itself; undefined when the definition leaves that open. */
export function nestedOf({ cpu, os }: Domain): boolean | undefined {
  if (os.type.value !== "hvm" || cpu?.mode !== "host-passthrough") return undefined;
  return !cpu.features.some((feature) => virtualizing.includes(feature.name) && isOff(feature));
}

export const processor: readonly Setting[] = [
  {
    name: "nestedhvm",
    read: (given, draft) => {
      if (!isHvm(draft)) return;
      const cpu = cpuOf(draft);
      cpu.mode = "host-passthrough";
      if (given.yes()) return;
      cpu.features.push(...virtualizing.map((name) => ({ policy: "disable" as const, name })));
    },
    write: (domain) => {
      const nested = nestedOf(domain);
      return nested === undefined ? undefined : flag(nested);
    },
  },
  {
    name: "cpuid",
    read: (given, draft) => {
      // The form of old, a list of registers, says bits and not features: it has no place in a definition.
      if (given.isList) return;
      const [base, ...words] = given
        .text()
        .split(",")
        .map((word) => word.trim());
      if (base !== "host") given.fail("a list of features begins with 'host'");
      const cpu = cpuOf(draft);
      cpu.mode = "host-passthrough";
      for (const word of words) {
        const [xen = "", mark = ""] = word.split("=");
        const policy = Object.hasOwn(policies, mark) ? policies[mark as keyof typeof policies] : undefined;
        // `k` and `s` keep a bit as it is at migration, and numbers such as family and stepping are no features.
        if (policy !== undefined) cpu.features.push({ policy, name: xenNames[xen] ?? xen });
      }
    },
    write: ({ cpu }) => {
      if (cpu?.mode !== "host-passthrough") return undefined;
      const features = cpu.features.filter(({ name }) => !virtualizing.includes(name));
      if (features.length === 0) return undefined;
      return [
        "host",
        ...features.map(({ name, policy }) => `${ownNames.get(name) ?? name}=${featureMarks[policy]}`),
      ].join(",");
    },
  },
];
