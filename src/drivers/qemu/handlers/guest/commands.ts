/** Commands that are passed on as they are: to QEMU's monitor, and to the guest's agent. */
import { checkFlags } from "../../../../driver/flags.ts";
import type { Descriptors, Handlers } from "../../../../driver/handler.ts";
import { LibvirtError } from "../../../../errors.ts";
import { DomainQemuMonitorCommandFlags, type Domain as DomainRef } from "../../../../protocol/index.ts";
import { agentOf } from "../../domain/agent.ts";
import { forgetAnswers } from "../../domain/answers.ts";
import type { LiveDomain } from "../../domain/live.ts";
import { noteCommand } from "../../domain/taints.ts";
import type { QemuHost } from "../../host.ts";
import { humanMonitorCommand } from "../../monitor/commands/device.ts";
import { qmpError } from "../../monitor/errors.ts";
import { isJsonObject, type Json, type JsonObject, parseJson, stringifyJson } from "../../monitor/json.ts";
import { nativePart, needed } from "../devices/open-files.ts";
import { timeoutOf } from "./agent.ts";

interface Command {
  readonly name: string;
  readonly args: JsonObject | undefined;
  readonly id: Json | undefined;
}

/** A command as QMP and the agent spell it: `{"execute": "...", "arguments": {...}}`. */
function parseCommand(text: string): Command {
  let value: Json;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw new LibvirtError("INTERNAL_ERROR", "QEMU", `cannot parse json ${text}: ${String(cause)}`, { cause });
  }
  if (!isJsonObject(value) || typeof value.execute !== "string") {
    throw new LibvirtError("INVALID_ARG", "QEMU", 'a command must be an object like {"execute": "NAME"}');
  }
  const { execute: name, arguments: args, id } = value;
  if (args !== undefined && !isJsonObject(args)) {
    throw new LibvirtError("INVALID_ARG", "QEMU", `the arguments of command '${name}' must be an object`);
  }
  return { name, args, id };
}

/** What QEMU answers, an error among it. */
async function runMonitorCommand({ monitor }: LiveDomain, { name, args, id }: Command): Promise<string> {
  const withId = id === undefined ? {} : { id };
  try {
    return stringifyJson({ return: await monitor.execute(name, args), ...withId });
  } catch (error) {
    const refused = qmpError(error);
    if (!refused) throw error;
    return stringifyJson({ error: { class: refused.errorClass, desc: refused.message }, ...withId });
  }
}

type CommandProcedures = "qemuDomainMonitorCommand" | "qemuDomainMonitorCommandWithFiles" | "qemuDomainAgentCommand";

interface MonitorArgs {
  readonly dom: DomainRef;
  readonly cmd: string;
  readonly flags: number;
}

/** QEMU takes one open file with a command, and drops those that come besides. */
function theOnlyFile(descriptors: Descriptors | undefined): number | undefined {
  const [file, ...more] = needed(descriptors, "virDomainQemuMonitorCommandWithFiles").given;
  if (more.length === 0) return file;
  throw new LibvirtError("INVALID_ARG", "QEMU", "QEMU takes one file descriptor with a command");
}

export function commandHandlers(host: QemuHost): Handlers<CommandProcedures> {
  const runAny = async (
    procedure: "qemuDomainMonitorCommand" | "qemuDomainMonitorCommandWithFiles",
    { dom, cmd, flags }: MonitorArgs,
    file?: number,
  ): Promise<{ result: string }> => {
    checkFlags(flags, DomainQemuMonitorCommandFlags.HMP, procedure, "QEMU");
    const human = (flags & DomainQemuMonitorCommandFlags.HMP) !== 0;
    const command = human ? null : parseCommand(cmd);
    const native = file === undefined ? null : await nativePart();
    const result = await host.finder.change(dom, procedure, (domain) => {
      const live = domain.running();
      // Whatever it does, nobody knows here.
      forgetAnswers(live);
      noteCommand(live, "monitor", () => host.noteStatus(domain));
      const run = () => (command ? runMonitorCommand(live, command) : humanMonitorCommand(live.monitor, cmd));
      const answer = native === null || file === undefined ? run() : live.monitor.withFile(native, file, run);
      return answer.finally(() => forgetAnswers(live));
    });
    return { result };
  };
  return {
    qemuDomainMonitorCommand: (args) => runAny("qemuDomainMonitorCommand", args),
    qemuDomainMonitorCommandWithFiles: async (args, { descriptors }) =>
      runAny("qemuDomainMonitorCommandWithFiles", args, theOnlyFile(descriptors)),
    async qemuDomainAgentCommand({ dom, cmd, timeout, flags }) {
      checkFlags(flags, 0, "qemuDomainAgentCommand", "QEMU");
      const { name, args } = parseCommand(cmd);
      const result = await host.finder.change(dom, "qemuDomainAgentCommand", async (domain) => {
        const agent = await agentOf(domain);
        noteCommand(domain.running(), "agent", () => host.noteStatus(domain));
        return agent.execute(name, args, timeoutOf(timeout));
      });
      return { result: stringifyJson({ return: result }) };
    },
  };
}
