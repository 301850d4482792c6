/** Stopping, resetting, pausing. */
import { DomainDestroyFlags, DomainRebootFlags as Mode } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { someOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { flag, text } from "../../option.ts";
import { flagsOf } from "../../shared/rules.ts";

const active = { domain: domainOption({ filter: DomainFilter.ACTIVE }) };

/** How a guest can be asked; the numbers are the same for shutdown and reboot. */
const modes: Readonly<Record<string, number>> = {
  acpi: Mode.ACPI_POWER_BTN,
  agent: Mode.GUEST_AGENT,
  initctl: Mode.INITCTL,
  signal: Mode.SIGNAL,
  paravirt: Mode.PARAVIRT,
};

const mode = text("ways to ask it, in this order: acpi|agent|initctl|signal|paravirt", {
  complete: someOf(...Object.keys(modes)),
});

function modeFlags(given: string | undefined, separator: string): number {
  let flags = 0;
  for (const word of given?.split(",") ?? []) {
    const bit = modes[word];
    if (bit === undefined) {
      throw new CommandError(
        `Unknown mode ${word} value, expecting 'acpi', 'agent', 'initctl', 'signal'${separator} or 'paravirt'`,
      );
    }
    flags |= bit;
  }
  return flags;
}

export const shutdown = command({
  name: "shutdown",
  summary: "ask a guest to shut down",
  description: "Asks a running guest to shut down; it may take its time, or refuse.",
  options: { ...active, mode },
  async run(context) {
    const flags = modeFlags(context.options.mode, ",");
    const domain = await domainOf(context);
    const name = domain.name();
    await attempt(`Failed to shutdown domain '${name}'`, () =>
      flags === 0 ? domain.shutdown() : domain.shutdownFlags(flags),
    );
    context.notice(`Domain '${name}' is being shutdown\n`);
  },
});

export const reboot = command({
  name: "reboot",
  summary: "ask a guest to boot anew",
  description: "Asks a running guest to shut down and boot again.",
  options: { ...active, mode },
  async run(context) {
    const flags = modeFlags(context.options.mode, "");
    const domain = await domainOf(context);
    const name = domain.name();
    await attempt(`Failed to reboot domain '${name}'`, () => domain.reboot(flags));
    context.notice(`Domain '${name}' is being rebooted\n`);
  },
});

export const reset = command({
  name: "reset",
  summary: "press a guest's reset button",
  description: "Resets a running guest at once, whatever it does.",
  options: active,
  async run(context) {
    const domain = await domainOf(context);
    const name = domain.name();
    await attempt(`Failed to reset domain '${name}'`, () => domain.reset());
    context.notice(`Domain '${name}' was reset\n`);
  },
});

export const destroy = command({
  name: "destroy",
  summary: "pull a guest's plug",
  description: "Stops a running guest at once. Its disks and its definition stay.",
  options: {
    ...active,
    graceful: flag("only if it can be stopped without force"),
    removeLogs: flag("and remove its log files"),
  },
  async run(context) {
    const domain = await domainOf(context);
    const name = context.options.domain;
    const flags = flagsOf(context.options, {
      graceful: DomainDestroyFlags.GRACEFUL,
      removeLogs: DomainDestroyFlags.REMOVE_LOGS,
    });
    await attempt(`Failed to destroy domain '${name}'`, () =>
      flags === 0 ? domain.destroy() : domain.destroyFlags(flags),
    );
    context.notice(`Domain '${name}' destroyed\n`);
  },
});

export const suspend = command({
  name: "suspend",
  summary: "pause a guest",
  description: "Pauses a running guest; it keeps its memory.",
  options: { domain: domainOption({ filter: DomainFilter.RUNNING }) },
  async run(context) {
    const domain = await domainOf(context);
    const name = domain.name();
    await attempt(`Failed to suspend domain '${name}'`, () => domain.suspend());
    context.notice(`Domain '${name}' suspended\n`);
  },
});

export const resume = command({
  name: "resume",
  summary: "let a paused guest go on",
  description: "Continues a guest that is paused.",
  options: { domain: domainOption({ filter: DomainFilter.PAUSED }) },
  async run(context) {
    const domain = await domainOf(context);
    const name = domain.name();
    await attempt(`Failed to resume domain '${name}'`, () => domain.resume());
    context.notice(`Domain '${name}' resumed\n`);
  },
});

export const injectNmi = command({
  name: "inject-nmi",
  summary: "send a guest a non-maskable interrupt",
  description: "Sends a non-maskable interrupt to a running guest.",
  options: active,
  async run(context) {
    await (await domainOf(context)).injectNMI();
  },
});
