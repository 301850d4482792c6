/** Features that machines have whether the definition says so or not. */
import { features, type ParsedDomain } from "../../../model/domain/index.ts";
import type { DefinitionContext } from "./context.ts";
import { isArmVirt } from "./machine.ts";

/** ARM's virt machine always has an interrupt controller: which one must be the same at every start. */
export function completeGic(domain: ParsedDomain, { capabilities }: DefinitionContext): void {
  if (!isArmVirt(domain)) return;
  domain.features ??= features.make({});
  domain.features.gic ??= {};
  const { gic } = domain.features;
  if (gic.version !== undefined) return;
  const kvm = domain.type === "kvm";
  const usable = capabilities.data.gic.filter((one) => (kvm ? one.kernel : one.emulated)).map(({ version }) => version);
  // Emulated, version 2 is the one that every guest knows; the host may have only version 3.
  gic.version = kvm && usable.includes(3) ? "3" : "2";
}
