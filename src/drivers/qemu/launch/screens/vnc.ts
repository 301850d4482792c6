/** `-vnc` */
import type { GraphicsOf, Listen } from "../../../../model/domain/index.ts";
import type { Guest } from "../context.ts";
import { audioOf } from "../devices/audio.ts";
import { escapeComma, keyValue } from "../parts/key-value.ts";
import { option } from "../parts/make-part.ts";
import type { ObjectPart, Part } from "../parts/part.ts";
import { tlsParts } from "../secrets.ts";

/** QEMU counts displays, each of which has its port. */
const firstPort = 5900;
const credentialsId = "vnc-tls-creds0";

type Vnc = GraphicsOf<"vnc">;

export function vncParts(vnc: Vnc, guest: Guest): Part[] {
  const { settings, domain } = guest;
  const encrypted = settings.vnc.tls !== undefined && vnc.listens[0]?.type !== "socket";
  const options = keyValue(undefined, {
    share: vnc.sharePolicy,
    "power-control": vnc.powerControl,
    // The password itself comes by a monitor command: command lines are for all to see.
    password: hasPassword(vnc, guest) ? true : undefined,
    "tls-creds": encrypted ? credentialsId : undefined,
    sasl: settings.vnc.sasl ? true : undefined,
    audiodev: audioOf(domain, vnc.audio),
  });
  const word = [place(vnc), options].filter((part) => part !== "").join(",");
  return [...keymapParts(vnc), ...credentials(encrypted, guest), option("-vnc", word)];
}

export const keymapParts = ({ keymap }: { readonly keymap?: string | undefined }): Part[] =>
  keymap === undefined ? [] : [option("-k", keymap)];

const hasPassword = ({ passwd }: Vnc, { settings }: Guest): boolean =>
  passwd !== undefined || settings.vnc.password !== undefined;

function credentials(encrypted: boolean, { settings, facts }: Guest): ObjectPart[] {
  const { tls } = settings.vnc;
  return encrypted && tls !== undefined ? tlsParts(credentialsId, tls, { server: true }, facts.secret) : [];
}

/** Where QEMU listens. */
function place(vnc: Vnc): string {
  const listen: Listen | undefined = vnc.listens[0];
  switch (listen?.type) {
    case "none":
      return "none";
    case "socket":
      return `vnc=unix:${escapeComma(listen.socket ?? "")}`;
    default:
      return keyValue(`${bracketed(listen?.address ?? "")}:${(vnc.port ?? firstPort) - firstPort}`, {
        websocket: vnc.websocket === undefined || vnc.websocket === 0 ? undefined : vnc.websocket,
      });
  }
}

/** Addresses of IPv6 have colons of their own. */
const bracketed = (address: string): string => (address.includes(":") ? `[${address}]` : address);
