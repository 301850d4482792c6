/** Features of the machine: on which boards they exist, and whether this QEMU can set them. */
import type { Domain, Features } from "../../../model/domain/index.ts";
import type { CapabilityFlag } from "../capabilities/flags.ts";
import { archOf, isArmVirt, isPseries, isQ35, isX86 } from "../definition/machine.ts";
import type { ValidationContext } from "./context.ts";
import { need, unsupported } from "./refuse.ts";

interface FeatureRule {
  readonly name: string;
  /** What the definition says of it; undefined when nothing. */
  readonly asked: (features: Features) => unknown;
  readonly boards: (domain: Domain) => boolean;
  readonly flag?: CapabilityFlag;
  readonly lacking?: string;
}

const isX86OrArm64 = (domain: Domain) => isX86(domain) || archOf(domain) === "aarch64";
const hpt = "HTP resizing is not supported by this QEMU binary";

const rules: readonly FeatureRule[] = [
  { name: "gic", asked: ({ gic }) => gic, boards: isArmVirt },
  { name: "pvspinlock", asked: ({ pvspinlock }) => pvspinlock, boards: isX86 },
  { name: "ioapic", asked: ({ ioapic }) => ioapic, boards: isX86 },
  { name: "hpt", asked: (features) => features.hpt, boards: isPseries, lacking: hpt },
  ...pseries("htm", ({ htm }) => htm, "machine.pseries.cap-htm", "HTM"),
  ...pseries("nested-hv", ({ nestedHv }) => nestedHv, "machine.pseries.cap-nested-hv", "Nested HV"),
  ...pseries("ccf-assist", ({ ccfAssist }) => ccfAssist, "machine.pseries.cap-ccf-assist", "ccf-assist"),
  ...pseries("cfpc", ({ cfpc }) => cfpc, "machine.pseries.cap-cfpc", "cfpc"),
  ...pseries("sbbc", ({ sbbc }) => sbbc, "machine.pseries.cap-sbbc", "sbbc"),
  ...pseries("ibs", ({ ibs }) => ibs, "machine.pseries.cap-ibs", "ibs"),
];

function pseries(name: string, asked: FeatureRule["asked"], flag: CapabilityFlag, title: string): FeatureRule[] {
  const lacking = `${title} configuration is not supported by this QEMU binary`;
  return [{ name, asked, boards: isPseries, flag, lacking }];
}

export function validateFeatures(domain: Domain, context: ValidationContext): void {
  const { features } = domain;
  if (features === undefined) return;
  for (const { name, asked, boards, flag, lacking = "" } of rules) {
    if (asked(features) === undefined) continue;
    if (!boards(domain)) unsupported(`The '${name}' feature is not supported for ${place(domain)}`);
    if (flag !== undefined) need(flag, context, lacking);
  }
  if (features.hyperv !== undefined && !isX86OrArm64(domain)) {
    unsupported(`Hyperv features are not supported for ${place(domain)}`);
  }
  if (features.apic?.eoi !== undefined && !isX86(domain)) {
    unsupported(`The 'eoi' attribute of the 'apic' feature is not supported for ${place(domain)}`);
  }
  validatePageSize(features, context);
  validateSmm(domain, context);
  validateEmulated(domain, context);
}

function place({ os }: Domain): string {
  return `architecture '${os.type.arch}' or machine type '${os.type.machine}'`;
}

function validatePageSize({ hpt: table }: Features, context: ValidationContext): void {
  if (table?.maxpagesize === undefined) return;
  need(
    "machine.pseries.cap-hpt-max-page-size",
    context,
    "Configuring the page size for HPT guests is not supported by this QEMU binary",
  );
}

const mebibyte = 1n << 20n;

/** System management mode, and the memory that only it sees. */
function validateSmm(domain: Domain, context: ValidationContext): void {
  const smm = domain.features?.smm;
  if (smm?.state !== true || smm.tseg === undefined) return;
  if (!isQ35(domain)) unsupported("SMM TSEG is only supported with q35 machine type");
  need("mch.extended-tseg-mbytes", context, "Setting TSEG size is not supported with this QEMU binary");
  if (smm.tseg % mebibyte !== 0n) unsupported("SMM TSEG size must be divisible by 1 MiB");
}

function validateEmulated({ type, features }: Domain, context: ValidationContext): void {
  if (features?.vmport !== undefined) {
    need("machine-vmport-opt", context, "vmport is not available with this QEMU binary");
  }
  if (features?.vmcoreinfo?.state === true) {
    need("vmcoreinfo", context, "vmcoreinfo is not available with this QEMU binary");
  }
  if (features?.tcg !== undefined && type !== "qemu") {
    unsupported(`TCG features are incompatible with domain type '${type}'`);
  }
}
