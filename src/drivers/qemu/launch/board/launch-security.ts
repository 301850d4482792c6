/** Guests whose memory the host cannot read. */
import type { LaunchSecurity } from "../../../../model/domain/index.ts";
import type { Guest } from "../context.ts";
import { object } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import type { PlannedFile } from "../plan.ts";

const id = "lsec0";
type Sev = Extract<LaunchSecurity, { type: "sev" }>;

export function launchSecurityParts(guest: Guest): Part[] {
  const { launchSecurity: security } = guest.domain;
  if (security === undefined) return [];
  if (security.type === "s390-pv") return [object("s390-pv-guest", id, {})];
  const { sev } = guest.capabilities.data;
  return [
    object("sev-guest", id, {
      cbitpos: security.cbitpos ?? sev?.cbitpos,
      "reduced-phys-bits": security.reducedPhysBits ?? sev?.reducedPhysBits,
      policy: security.policy,
      "dh-cert-file": security.dhCert === undefined ? undefined : certificatePath(guest),
      "session-file": security.session === undefined ? undefined : sessionPath(guest),
      "kernel-hashes": security.kernelHashes,
    }),
  ];
}

const certificatePath = ({ folder }: Guest): string => `${folder}/dh_cert.base64`;
const sessionPath = ({ folder }: Guest): string => `${folder}/session.base64`;

/** What the guest's owner sent for the firmware of the processor. */
export function launchSecurityFiles(guest: Guest): PlannedFile[] {
  const { launchSecurity: security } = guest.domain;
  if (security?.type !== "sev") return [];
  const { dhCert, session }: Sev = security;
  return [
    ...(dhCert === undefined ? [] : [secretFile(certificatePath(guest), dhCert)]),
    ...(session === undefined ? [] : [secretFile(sessionPath(guest), session)]),
  ];
}

const secretFile = (path: string, text: string): PlannedFile => ({ path, mode: 0o600, content: Buffer.from(text) });
