/** Keys and signals for a guest. */
import { command } from "../../command.ts";
import { oneOf } from "../../completer.ts";
import { CommandError } from "../../error.ts";
import { parseInteger } from "../../grammar/numbers.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { data, text, uint, words } from "../../option.ts";
import { codesets, keyCode, keyNames } from "../../shared/keys.ts";

const domain = domainOption({ filter: DomainFilter.ACTIVE });

/** As many as libvirt takes in one call. */
const maxKeys = 16;

function codesetOf(name: string | undefined): number {
  return (codesets as readonly string[]).indexOf(name ?? "linux");
}

export const sendKey = command({
  name: "send-key",
  summary: "press keys at a guest's keyboard",
  description:
    "Presses keys of a running guest, all at once.\nA key is a number or, as in Linux's headers, a name like KEY_A.",
  options: {
    domain,
    codeset: text("meaning of the numbers; linux when left out", { named: true, complete: oneOf(...codesets) }),
    holdtime: uint("how long they are held, in milliseconds", { named: true }),
    keycode: words("the keys", {
      required: true,
      complete: ({ given }) => keyNames(codesetOf(given.get("codeset"))),
    }),
  },
  async run(context) {
    const { options } = context;
    const target = await domainOf(context);
    const codeset = codesetOf(options.codeset);
    if (codeset < 0) throw new CommandError(`unknown codeset: '${options.codeset}'`);
    if (options.keycode.length > maxKeys) throw new CommandError("too many keycodes");
    const codes = options.keycode.map((word) => {
      const code = keyCode(word, codeset);
      if (code === undefined) throw new CommandError(`invalid keycode: '${word}'`);
      return code;
    });
    await target.sendKey(codeset, options.holdtime ?? 0, codes);
  },
});

/** Linux's signals by number, and libvirt's names for the real-time ones after them. */
const signals =
  "nop hup int quit ill trap abrt bus fpe kill usr1 segv usr2 pipe alrm term stkflt chld cont stop tstp ttin ttou urg xcpu xfsz vtalrm prof winch poll pwr sys".split(
    " ",
  );

/** A signal's number: its name, with or without SIG, or the number itself. */
function signalNumber(word: string): number | undefined {
  if (/^[0-9]{1,3}$/.test(word)) return Number(word);
  const name = word.toLowerCase().replace(/^sig_?/, "");
  const realTime = /^rt([0-9]{1,2})$/.exec(name);
  if (realTime !== null && Number(realTime[1]) <= 32) return 32 + Number(realTime[1]);
  const known = signals.indexOf(name);
  return known < 0 ? undefined : known;
}

export const sendProcessSignal = command({
  name: "send-process-signal",
  summary: "send a signal to a guest's process",
  description: "Sends a signal to a process in a running guest.",
  options: {
    domain,
    pid: data("the process's number"),
    signame: data("the signal's name or number", { complete: oneOf(...signals) }),
  },
  async run(context) {
    const { options } = context;
    const target = await domainOf(context);
    const pid = parseInteger(options.pid, "pid", -(1n << 63n), (1n << 63n) - 1n);
    const signal = signalNumber(options.signame);
    if (signal === undefined) throw new CommandError(`malformed signal name: ${options.signame}`);
    await target.sendProcessSignal(pid, signal);
  },
});
