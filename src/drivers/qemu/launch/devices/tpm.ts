/** Trusted platform modules. */
import { LibvirtError } from "../../../../errors.ts";
import type { Tpm } from "../../../../model/domain/index.ts";
import { isArm } from "../../definition/machine.ts";
import { addressProps, aliasOf } from "../address.ts";
import type { Guest } from "../context.ts";
import { keyedOption } from "../parts/keyed-option.ts";
import { chardev, device } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";

const socketId = "chrtpm";

export function tpmParts(tpm: Tpm, guest: Guest): Part[] {
  const id = aliasOf(tpm);
  // Only a way to the host's module for guests that have one of their own besides.
  if (tpm.model === "spapr-tpm-proxy") return [device("spapr-tpm-proxy", { id, "host-path": hostPath(tpm) })];
  const tpmdev = `tpm-${id}`;
  return [
    ...backendParts(tpm, tpmdev, guest),
    device(driverOf(tpm, guest), { tpmdev, id, ...addressProps(tpm, guest.domain) }),
  ];
}

/** On ARM boards it is no part of an ISA bus. */
function driverOf({ model }: Tpm, { domain }: Guest): string {
  if (model === undefined) throw new LibvirtError("INTERNAL_ERROR", "QEMU", "a TPM has no model");
  return model === "tpm-tis" && isArm(domain) ? "tpm-tis-device" : model;
}

const hostPath = ({ backend }: Tpm): string | undefined =>
  backend.type === "passthrough" ? (backend.device?.path ?? "/dev/tpm0") : undefined;

function backendParts(tpm: Tpm, id: string, { facts }: Guest): Part[] {
  const { backend } = tpm;
  if (backend.type === "passthrough") {
    const path = hostPath(tpm) ?? "";
    return [keyedOption("-tpmdev", "passthrough", { id, path, "cancel-path": facts.tpmCancelPath(path) })];
  }
  const path = backend.type === "emulator" ? facts.tpmSocket(aliasOf(tpm)) : (backend.source?.path ?? "");
  return [
    chardev(socketId, "socket", { addr: { type: "unix", data: { path } }, server: undefined }),
    keyedOption("-tpmdev", "emulator", { id, chardev: socketId }),
  ];
}
