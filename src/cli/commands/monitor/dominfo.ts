/** What one domain is and does. */
import type { Connection, Domain } from "../../../api/index.ts";
import { command } from "../../command.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { flag } from "../../option.ts";
import { formatFields } from "../../output/table.ts";
import { stateName, stateReasonName } from "../../shared/states.ts";
import { unlessUnsupported } from "../../shared/unsupported.ts";

export const dominfo = command({
  name: "dominfo",
  summary: "basic facts of a domain",
  description: "Shows a domain's identity, state, CPUs, memory and settings.",
  options: { domain: domainOption() },
  async query(context) {
    const domain = await domainOf(context);
    const info = await domain.info();
    return {
      id: domain.id() < 0 ? null : domain.id(),
      name: domain.name(),
      uuid: domain.uuidString(),
      osType: await domain.osType(),
      state: stateName(info.state),
      cpus: info.nrVirtCpu,
      cpuTimeNs: info.cpuTime,
      maxMemoryKib: info.maxMem,
      memoryKib: info.memory,
      persistent: await domain.isPersistent(),
      autostart: await domain.autostart(),
      managedSave: await domain.hasManagedSaveImage(),
      ...(await security(domain, context.connection)),
    };
  },
  print(info) {
    const fields: [string, string][] = [
      ["Id", info.id === null ? "-" : String(info.id)],
      ["Name", info.name],
      ["UUID", info.uuid],
      ["OS Type", info.osType],
      ["State", info.state],
      ["CPU(s)", String(info.cpus)],
      ...(info.cpuTimeNs > 0n
        ? [["CPU time", `${(Number(info.cpuTimeNs) / 1e9).toFixed(1)}s`] as [string, string]]
        : []),
      ["Max memory", `${info.maxMemoryKib} KiB`],
      ["Used memory", `${info.memoryKib} KiB`],
      ["Persistent", info.persistent ? "yes" : "no"],
      ["Autostart", info.autostart ? "enable" : "disable"],
      ["Managed save", info.managedSave ? "yes" : "no"],
    ];
    if (info.securityModel !== undefined) {
      fields.push(["Security model", info.securityModel], ["Security DOI", info.securityDoi ?? ""]);
    }
    if (info.securityLabel !== undefined) fields.push(["Security label", info.securityLabel]);
    return (
      formatFields(fields) +
      info.messages.map((line, n) => `${(n === 0 ? "Messages:" : "").padEnd(15)} ${line}\n`).join("")
    );
  },
});

interface Security {
  readonly securityModel?: string;
  readonly securityDoi?: string;
  readonly securityLabel?: string;
  readonly messages: readonly string[];
}

/** What a hypervisor without security drivers or messages leaves out. */
async function security(domain: Domain, connection: Connection): Promise<Security> {
  const model = await unlessUnsupported(connection.getSecurityModel());
  const messages = (await unlessUnsupported(domain.messages())) ?? [];
  if (model === undefined || model.model === "") return { messages };
  const label = await unlessUnsupported(domain.securityLabel());
  return {
    securityModel: model.model,
    securityDoi: model.doi,
    ...(label === undefined || label.label === ""
      ? {}
      : { securityLabel: `${label.label} (${label.enforcing ? "enforcing" : "permissive"})` }),
    messages,
  };
}

export const domstate = command({
  name: "domstate",
  summary: "what a domain is doing",
  description: "Shows a domain's state.",
  options: {
    domain: domainOption(),
    reason: flag("and how it came to be so"),
  },
  async query(context) {
    const { state, reason } = await (await domainOf(context)).state();
    return { state: stateName(state), reason: stateReasonName(state, reason) };
  },
  print: ({ state, reason }, { options }) => (options.reason ? `${state} (${reason})\n` : `${state}\n`),
});

/** virsh's words for the states of the control interface and of what went wrong with it. */
const controlStates = ["ok", "background job", "occupied", "error"];
const controlErrors = ["", "unknown", "monitor failure", "internal (locking) error"];

export const domcontrol = command({
  name: "domcontrol",
  summary: "whether a domain can be controlled now",
  description: "Shows what the interface that controls the domain is busy with.",
  options: { domain: domainOption({ filter: DomainFilter.ACTIVE }) },
  async query(context) {
    const { state, details, stateTime } = await (await domainOf(context)).controlInfo();
    const failed = controlStates[state] === "error";
    return {
      state: controlStates[state] ?? "unknown",
      ...(failed ? { error: controlErrors[details] ?? "unknown" } : {}),
      sinceMs: stateTime,
    };
  },
  print({ state, error, sinceMs }) {
    if (state === "ok") return "ok\n";
    const since = `(${(Number(sinceMs) / 1000).toFixed(3)}s)`;
    return error === undefined ? `${state} ${since}\n` : `${state}: ${error} ${since}\n`;
  },
});
