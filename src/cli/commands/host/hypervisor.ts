/** The hypervisor: who it is and what it can do. */
import type { Connection } from "../../../api/index.ts";
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { data, flag, text } from "../../option.ts";
import { LIBRARY, versionText } from "../../shared/versions.ts";
import { attributeAt, readDocument } from "../../shared/xml.ts";
import { printXml, xmlAnswer } from "../../shared/xml-query.ts";

export const capabilities = command({
  name: "capabilities",
  summary: "what the host and its hypervisor can do",
  description: "Prints the capabilities of host and hypervisor as XML.",
  async query({ connection }) {
    return { xml: await attempt("failed to get capabilities", () => connection.getCapabilities()) };
  },
  print: ({ xml }) => `${xml}\n`,
});

export const domcapabilities = command({
  name: "domcapabilities",
  summary: "what guests of a kind can have",
  description: "Prints what an emulator can do for guests, as XML.",
  options: {
    virttype: text("kind of virtualization, like kvm"),
    emulatorbin: text("path of the emulator"),
    arch: text("the guests' architecture"),
    machine: text("the guests' machine type"),
  },
  async query({ connection, options }) {
    const { emulatorbin = null, arch = null, machine = null, virttype = null } = options;
    const xml = await attempt("failed to get emulator capabilities", () =>
      connection.getDomainCapabilities(emulatorbin, arch, machine, virttype, 0),
    );
    return { xml };
  },
  print: ({ xml }) => `${xml}\n`,
});

export const hostname = command({
  name: "hostname",
  summary: "the host's name",
  async query({ connection }) {
    return { hostname: await attempt("failed to get hostname", () => connection.getHostname()) };
  },
  print: (answer) => `${answer.hostname}\n`,
});

export const sysinfo = command({
  name: "sysinfo",
  summary: "what the host's firmware tells of it",
  description: "Prints what the host's firmware tells of vendor, model and memory, as XML.",
  async query({ connection }) {
    return xmlAnswer(await attempt("failed to get sysinfo", () => connection.getSysinfo(0)), {
      xpath: undefined,
      wrap: false,
    });
  },
  print: printXml,
});

export const uri = command({
  name: "uri",
  summary: "the connection's URI",
  async query({ connection }) {
    return { uri: await attempt("failed to get URI", () => connection.getURI()) };
  },
  print: (answer) => `${answer.uri}\n`,
});

export const version = command({
  name: "version",
  summary: "versions of library and hypervisor",
  description: "Shows the versions of the library, of the hypervisor, and of the daemon.",
  options: { daemon: flag("with the daemon's") },
  async query({ connection, options }) {
    const type = await attempt("failed to get hypervisor type", () => connection.getType());
    const hypervisor = await attempt("failed to get the hypervisor version", () => connection.getVersion());
    const daemon = options.daemon
      ? await attempt("failed to get the daemon version", () => connection.getLibVersion())
      : undefined;
    return {
      library: versionText(LIBRARY),
      type,
      hypervisor: Number(hypervisor) === 0 ? null : versionText(hypervisor),
      ...(daemon === undefined ? {} : { daemon: versionText(daemon) }),
    };
  },
  print({ library, type, hypervisor, daemon }) {
    return [
      `Compiled against library: libvirt ${library}`,
      `Using library: libvirt ${library}`,
      `Using API: ${type} ${library}`,
      hypervisor === null
        ? `Cannot extract running ${type} hypervisor version`
        : `Running hypervisor: ${type} ${hypervisor}`,
      ...(daemon === undefined ? [] : [`Running against daemon: ${daemon}`]),
    ]
      .map((line) => `${line}\n`)
      .join("");
  },
});

/** What the capabilities of guests say, where the driver has them: they know of machines, where the plain number does not. */
async function ofGuests(connection: Connection, type: string | null): Promise<number | null> {
  const xml = await connection.getDomainCapabilities(null, null, null, type, 0).catch(() => null);
  const max = xml === null ? 0 : Number(attributeAt(readDocument(xml), "vcpu", "max"));
  return max > 0 ? max : null;
}

export const maxvcpus = command({
  name: "maxvcpus",
  summary: "how many virtual CPUs a guest can have",
  description: "Shows how many virtual CPUs guests of this connection can have.",
  options: { type: text("kind of virtualization, like kvm") },
  async query({ connection, options: { type = null } }) {
    return { maxVcpus: (await ofGuests(connection, type)) ?? (await connection.getMaxVcpus(type)) };
  },
  print: ({ maxVcpus }) => `${maxVcpus}\n`,
});

export const cpuModels = command({
  name: "cpu-models",
  summary: "CPU models of an architecture",
  description: "Lists the CPU models that libvirt knows of an architecture.",
  options: { arch: data("the architecture, like x86_64") },
  query: ({ connection, options }) =>
    attempt("failed to get CPU model names", () => connection.getCPUModelNames(options.arch, 0)),
  print(models, { notice }) {
    if (models.length === 0) notice("all CPU models are accepted\n");
    return models.map((model) => `${model}\n`).join("");
  },
});
