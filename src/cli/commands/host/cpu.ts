/** Comparing CPUs and finding what they have in common. */

import {
  ConnectBaselineCPUFlags as Baseline,
  ConnectCompareCPUFlags as Compare,
  CPUCompareResult as Result,
} from "../../../protocol/constants/index.ts";
import { formatMarkup, toMarkup } from "../../../xml/markup.ts";
import type { XmlElement } from "../../../xml/tree.ts";
import type { Context } from "../../command.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { data, flag, text } from "../../option.ts";
import { readXmlFile } from "../../shared/files.ts";
import { exclusive, flagsOf } from "../../shared/rules.ts";
import { element, elementsAt, readDocument } from "../../shared/xml.ts";
import { fileNames } from "../../shared/xml-options.ts";

const cpuFile = data("file with the XML of a CPU, a domain or capabilities", { complete: fileNames });

const guestOptions = {
  virttype: text("kind of virtualization, like kvm"),
  emulator: text("path of the emulator"),
  arch: text("the guests' architecture"),
  machine: text("the guests' machine type"),
};

/** The CPUs that a file holds, in any of the documents that describe one. @throws {CommandError} */
async function cpusOf(file: string): Promise<string[]> {
  const text = await readXmlFile(file);
  // A file may hold several documents one after the other.
  const root = parseSeveral(text);
  const found = root.flatMap(cpuElements);
  if (found.length === 0) {
    throw new CommandError(
      `File '${file}' does not contain any <cpu> element or valid domain XML, host capabilities XML, or domain capabilities XML`,
    );
  }
  return found.map((cpu) => formatMarkup(toMarkup(cpu)));
}

function parseSeveral(text: string): XmlElement[] {
  try {
    const body = text.replace(/<\?xml.*?\?>/g, "");
    return [...readDocument(`<container>${body}</container>`, "cpus").elements()];
  } catch {
    return [];
  }
}

function cpuElements(root: XmlElement): XmlElement[] {
  switch (root.name) {
    case "cpu":
      return [root];
    case "domain":
      return elementsAt(root, "cpu");
    case "capabilities":
      return elementsAt(root, "host/cpu");
    case "domainCapabilities":
      return elementsAt(root, "cpu/mode").filter((mode) => mode.attribute("name") === "host-model");
    default:
      // Elements of any other document, as in `<cpus><cpu/>...</cpus>`.
      return elementsAt(root, "cpu");
  }
}

const compareFlags = {
  error: Compare.FAIL_INCOMPATIBLE,
  validate: Compare.VALIDATE_XML,
};

const compareOptions = {
  error: flag("fail when they are incompatible"),
  validate: flag("check the XML against its schema, too"),
};

/** Says what a comparison found. @throws {CommandError} for CPUs that are incompatible */
function announce({ print }: Pick<Context<unknown>, "print">, result: number, file: string, host: string): void {
  switch (result) {
    case Result.INCOMPATIBLE:
      print(`CPU described in ${file} is incompatible with ${host}\n`);
      throw new CommandError([]);
    case Result.IDENTICAL:
      print(`CPU described in ${file} is identical to ${host}\n`);
      break;
    case Result.SUPERSET: {
      const subject = host === hostCpu ? "Host CPU" : "The CPU provided by hypervisor on the host";
      print(`${subject} is a superset of CPU described in ${file}\n`);
      break;
    }
    default:
      throw new CommandError(`Failed to compare ${host} with ${file}`);
  }
}

const hostCpu = "host CPU";

export const cpuCompare = command({
  name: "cpu-compare",
  summary: "whether the host's CPU has all that another one has",
  description: "Compares a CPU with the host's.",
  options: { file: cpuFile, ...compareOptions },
  async run(context) {
    const { connection, options } = context;
    const [cpu = ""] = await cpusOf(options.file);
    const result = await attempt(`Failed to compare host CPU with ${options.file}`, () =>
      connection.compareCPU(cpu, flagsOf(options, compareFlags)),
    );
    announce(context, result, options.file, hostCpu);
  },
});

export const hypervisorCpuCompare = command({
  name: "hypervisor-cpu-compare",
  summary: "whether guests can have all that a CPU has",
  description: "Compares a CPU with the one that the hypervisor can give to guests.",
  options: { file: cpuFile, ...guestOptions, ...compareOptions },
  async run(context) {
    const { connection, options } = context;
    const [cpu = ""] = await cpusOf(options.file);
    const { emulator = null, arch = null, machine = null, virttype = null } = options;
    const result = await attempt(`Failed to compare hypervisor CPU with ${options.file}`, () =>
      connection.compareHypervisorCPU(emulator, arch, machine, virttype, cpu, flagsOf(options, compareFlags)),
    );
    announce(context, result, options.file, "the CPU provided by hypervisor on the host");
  },
});

const baselineFlags = { features: Baseline.EXPAND_FEATURES, migratable: Baseline.MIGRATABLE };

const baselineOptions = {
  features: flag("list the features that belong to the model"),
  migratable: flag("leave out features with which guests cannot be migrated"),
};

export const cpuBaseline = command({
  name: "cpu-baseline",
  summary: "what several CPUs have in common",
  description: "Prints the best CPU that all CPUs of a file can be.",
  options: { file: cpuFile, ...baselineOptions },
  async query({ connection, options }) {
    const cpus = await cpusOf(options.file);
    return { xml: await connection.baselineCPU(cpus, flagsOf(options, baselineFlags)) };
  },
  print: ({ xml }) => xml,
});

export const hypervisorCpuBaseline = command({
  name: "hypervisor-cpu-baseline",
  summary: "what guests on several hosts can have in common",
  description: "Prints the best CPU that the hypervisor can give to guests on all hosts whose CPUs a file holds.",
  options: {
    file: text("file with the XML of CPUs, domains or capabilities", { complete: fileNames }),
    ...guestOptions,
    ...baselineOptions,
    model: text("the name of one CPU model instead of a file"),
  },
  async query({ connection, options }) {
    exclusive(options, ["file", "model"]);
    const { emulator = null, arch = null, machine = null, virttype = null, file, model } = options;
    const cpus = file !== undefined ? await cpusOf(file) : model !== undefined ? [modelXml(model)] : undefined;
    if (cpus === undefined) throw new CommandError("Either --file or --model must be provided");
    const flags = flagsOf(options, baselineFlags);
    return { xml: await connection.baselineHypervisorCPU(emulator, arch, machine, virttype, cpus, flags) };
  },
  print: ({ xml }) => xml,
});

function modelXml(model: string): string {
  return element("cpu", {}, [element("model", {}, model)]);
}
