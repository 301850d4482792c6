/** Trusted platform modules. */
import type { Domain, Tpm } from "../../../model/domain/index.ts";
import type { CapabilityFlag } from "../capabilities/flags.ts";
import { isX86 } from "../definition/machine.ts";
import type { ValidationContext } from "./context.ts";
import { need, unsupported } from "./refuse.ts";

const modelFlags: { readonly [Model in NonNullable<Tpm["model"]>]: CapabilityFlag } = {
  "tpm-tis": "tpm-tis",
  "tpm-crb": "tpm-crb",
  "tpm-spapr": "tpm-spapr",
  "spapr-tpm-proxy": "spapr-tpm-proxy",
};

export function validateTpms(domain: Domain, context: ValidationContext): void {
  for (const tpm of domain.devices.tpms) validateTpm(tpm, domain, context);
}

function validateTpm({ model, backend }: Tpm, domain: Domain, context: ValidationContext): void {
  const emulator = `The QEMU executable ${domain.devices.emulator} does not support TPM`;
  switch (backend.type) {
    case "passthrough":
      need("tpm-passthrough", context, `${emulator} backend type ${backend.type}`);
      break;
    case "emulator":
      validateEmulator(backend.version ?? "2.0", model, context);
      need("tpm-emulator", context, `${emulator} backend type ${backend.type}`);
      break;
    case "external":
      need("tpm-emulator", context, `${emulator} backend type ${backend.type}`);
      break;
  }
  if (model === "tpm-tis" && !isX86(domain) && !domain.os.type.arch?.startsWith("aarch64")) {
    unsupported(`${emulator} model ${model}`);
  }
  if (model !== undefined) need(modelFlags[model], context, `${emulator} model ${model}`);
}

/** Newer interfaces to the TPM know only its newer version. */
function validateEmulator(version: string, model: Tpm["model"], context: ValidationContext): void {
  const old = version === "1.2";
  if (old && (model === "tpm-crb" || model === "tpm-spapr")) {
    unsupported(`Unsupported interface '${model}' for TPM 1.2`);
  }
  const { tpmVersions } = context;
  if (tpmVersions !== undefined && !tpmVersions.includes(version))
    unsupported(`TPM version '${version}' is not supported`);
}
