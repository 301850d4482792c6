/** Straight to QEMU, its agent, and other hypervisors' own ways. */
import { PassThrough } from "node:stream";
import type { Connection, Domain, QemuMonitorEvent } from "../../../api/index.ts";
import {
  ConnectDomainQemuMonitorEventRegisterFlags,
  DomainQemuMonitorCommandFlags,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { parseInteger } from "../../grammar/numbers.ts";
import { DomainFilter, domainNames, domainOf, domainOption, lookupDomain } from "../../objects/domain.ts";
import { data, flag, text, uint, words } from "../../option.ts";
import { parseDescriptors } from "../../shared/descriptors.ts";
import { checkTimeout, listen } from "../../shared/events.ts";
import { exclusive } from "../../shared/rules.ts";

const domain = domainOption({ filter: DomainFilter.ACTIVE });
const cmd = words("the command", { required: true });
const pretty = flag("lay JSON out over several lines");

/** JSON laid out, or text that is none as it is. */
function layOut(reply: string): string {
  try {
    return JSON.stringify(JSON.parse(reply), undefined, 2);
  } catch {
    return reply;
  }
}

function parseReply(reply: string): unknown {
  try {
    return JSON.parse(reply);
  } catch {
    throw new CommandError("failed to parse JSON returned by qemu");
  }
}

export const qemuMonitorCommand = command({
  name: "qemu-monitor-command",
  summary: "a command for QEMU's monitor",
  description:
    "Sends a command to a guest's QEMU: JSON, a bare QMP command's name, or, with --hmp, a human's.\nlibvirt does not know what it does; use it to look, not to change.",
  options: {
    domain,
    hmp: flag("it is a command for humans"),
    pretty,
    returnValue: flag("print only what the reply's 'return' holds"),
    passFds: text("hand these open file descriptors (N,M,...) along", { named: true }),
    cmd,
  },
  async query(context) {
    const { options } = context;
    exclusive(options, ["hmp", "pretty"], ["hmp", "returnValue"]);
    const target = await domainOf(context);
    const monitorCommand = options.hmp ? options.cmd.join(" ") : qmpCommand(options.cmd);
    const flags = options.hmp ? DomainQemuMonitorCommandFlags.HMP : 0;
    const descriptors = parseDescriptors(options.passFds);
    const reply =
      descriptors.length > 0
        ? await target.qemuMonitorCommandWithFiles(monitorCommand, descriptors, flags)
        : await target.qemuMonitorCommand(monitorCommand, flags);
    if (!options.returnValue) return { reply };
    const value = (parseReply(reply) as { return?: unknown }).return;
    return { reply: JSON.stringify(value) };
  },
  // Like virsh, it ends the line only of a reply that is printed as it came.
  print: ({ reply }, { options }) => {
    if (options.pretty) return layOut(reply);
    return options.returnValue ? reply : `${reply}\n`;
  },
});

/** JSON as it is; else a command's name, perhaps with its arguments as JSON. @throws {CommandError} */
function qmpCommand(words: readonly string[]): string {
  const joined = words.join(" ");
  if (joined.trimStart().startsWith("{")) return joined;
  const [execute, ...rest] = words;
  if (rest.length === 0) return JSON.stringify({ execute });
  try {
    return JSON.stringify({ execute, arguments: JSON.parse(rest.join(" ")) });
  } catch {
    throw new CommandError(`failed to wrap arguments '${rest.join(" ")}' into a QMP command wrapper`);
  }
}

/** libvirt's numbers for how long the agent is waited for. */
const agentTimeouts = { block: -2, default: -1, none: 0 };

export const qemuAgentCommand = command({
  name: "qemu-agent-command",
  summary: "a command for a guest's agent",
  description: "Sends a command to a guest's QEMU agent. libvirt does not know what it does.",
  options: {
    domain,
    timeout: uint("seconds to wait for the answer", { named: true }),
    async: flag("do not wait"),
    block: flag("wait as long as it takes"),
    pretty,
    cmd,
  },
  async query(context) {
    const { options } = context;
    const target = await domainOf(context);
    if (options.timeout === 0) throw new CommandError("timeout must be positive");
    const given = [options.timeout !== undefined, options.async, options.block].filter(Boolean);
    if (given.length > 1) throw new CommandError("timeout, async and block options are exclusive");
    const timeout = options.async
      ? agentTimeouts.none
      : options.block
        ? agentTimeouts.block
        : (options.timeout ?? agentTimeouts.default);
    return { reply: await target.qemuAgentCommand(options.cmd.join(" "), timeout, 0) };
  },
  print: ({ reply }, { options }) => (reply === null ? "" : `${options.pretty ? layOut(reply) : reply}\n`),
});

export const qemuAttach = command({
  name: "qemu-attach",
  summary: "take over a QEMU that libvirt did not start",
  description: "Makes a domain of a QEMU process.",
  options: { pid: data("the process's number") },
  async run({ connection, options, notice }) {
    const pid = Number(parseInteger(options.pid, "pid", 0n, 0xffff_ffffn));
    const domain = await attempt(`Failed to attach to pid ${pid}`, () => connection.qemuAttach(pid, 0));
    notice(`Domain '${domain.name()}' attached to pid ${pid}\n`);
  },
});

export const qemuMonitorEvent = command({
  name: "qemu-monitor-event",
  summary: "events of QEMU's monitor",
  description: "Waits for an event of a guest's QEMU and prints it.",
  options: {
    domain: text("only of this domain", { complete: domainNames(DomainFilter.ACTIVE) }),
    event: text("only of this name"),
    pretty,
    loop: flag("go on until the timeout or Ctrl-C"),
    timeout: uint("seconds to wait"),
    regex: flag("--event is a regular expression"),
    noCase: flag("--event matches in any case"),
    timestamp: flag("print when each came"),
  },
  streams: true,
  async run(context) {
    const { connection, options } = context;
    checkTimeout(options.timeout);
    const target = options.domain === undefined ? null : await lookupDomain(connection, options.domain);
    await listen(context, monitorEvents(connection, target, options), (it) => tellMonitorEvent(it, options.pretty));
  },
});

interface MonitorFilter {
  readonly event: string | undefined;
  readonly regex: boolean;
  readonly noCase: boolean;
}

type MonitorEvent = Omit<QemuMonitorEvent, "kind" | "type">;

/** Events as they come, one after the other. The driver matches the names: only the classic call can ask for that. */
function monitorEvents(connection: Connection, target: Domain | null, { event, regex, noCase }: MonitorFilter) {
  const events = new PassThrough({ objectMode: true });
  const flags =
    (regex ? ConnectDomainQemuMonitorEventRegisterFlags.REGEX : 0) |
    (noCase ? ConnectDomainQemuMonitorEventRegisterFlags.NOCASE : 0);
  const registering = connection.qemuMonitorEventRegister(
    target,
    event ?? null,
    (domain, told) => void events.write({ domain, ...told } satisfies MonitorEvent),
    flags,
  );
  return {
    ready: registering.then(() => {}),
    async close() {
      await connection.qemuMonitorEventDeregister(await registering);
      events.end();
    },
    [Symbol.asyncIterator]: () => events[Symbol.asyncIterator]() as AsyncIterator<MonitorEvent>,
  };
}

function tellMonitorEvent({ domain, event, seconds, micros, details }: MonitorEvent, pretty: boolean) {
  const shown = details === null ? "<null>" : pretty ? layOut(details) : details;
  const moment = `${seconds}.${String(micros).padStart(6, "0")}`;
  return {
    data: { domain: domain.name(), event, seconds, micros, details },
    text: `event ${event} at ${moment} for domain '${domain.name()}': ${shown}`,
  };
}

export const lxcEnterNamespace = command({
  name: "lxc-enter-namespace",
  summary: "run a program inside of an LXC container",
  description: "Runs a program in the namespaces of a container.",
  options: {
    domain,
    noseclabel: flag("with this process's own security label"),
    cmd: words("the program and its arguments", { required: true }),
  },
  async run(context) {
    const target = await domainOf(context);
    await target.lxcOpenNamespace(0);
    // Entering a namespace is a system call that JavaScript has no way to make.
    throw new CommandError("this program cannot enter namespaces: use nsenter(1) with the container's process");
  },
});
