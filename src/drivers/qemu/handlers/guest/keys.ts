/** Keys that are pressed and signals that are given from outside. */
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { LibvirtError } from "../../../../errors.ts";
import { DOMAIN_SEND_KEY_MAX_KEYS, KeycodeSet } from "../../../../protocol/index.ts";
import type { QemuHost } from "../../host.ts";
import { qemuKey } from "../../keys/codes.ts";
import { sendKey } from "../../monitor/commands/display.ts";
import { injectNmi } from "../../monitor/commands/run-state.ts";

function toQemu(codeset: number, code: number): number {
  const key = qemuKey(codeset, code);
  if (key !== undefined) return key;
  const set =
    Object.entries(KeycodeSet)
      .find(([, value]) => value === codeset)?.[0]
      .toLowerCase() ?? codeset;
  throw new LibvirtError("INVALID_ARG", "QEMU", `cannot translate keycode ${code} of ${set} codeset`);
}

export function keyHandlers(host: QemuHost): Handlers<"domainSendKey" | "domainInjectNmi"> {
  return {
    async domainSendKey({ dom, codeset, holdtime, keycodes, flags }) {
      checkFlags(flags, 0, "domainSendKey", "QEMU");
      if (keycodes.length > DOMAIN_SEND_KEY_MAX_KEYS) {
        throw new LibvirtError("INVALID_ARG", "QEMU", `nkeycodes must be at most ${DOMAIN_SEND_KEY_MAX_KEYS}`);
      }
      const keys = keycodes.map((code) => toQemu(codeset, code));
      await host.finder.change(dom, "domainSendKey", (domain) =>
        sendKey(domain.running().monitor, keys, holdtime === 0 ? undefined : holdtime),
      );
    },
    async domainInjectNmi({ dom, flags }) {
      checkFlags(flags, 0, "domainInjectNmi", "QEMU");
      await host.finder.change(dom, "domainInjectNmi", (domain) => injectNmi(domain.running().monitor));
    },
  };
}
