/** How much memory a domain has and may have. */
import {
  DomainXMLFlags,
  DomainMemoryModFlags as Memory,
  DomainDeviceModifyFlags as Modify,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { flag, kibibytes, memoryLimit, text, uint } from "../../option.ts";
import { impactFlags, impactOptions, impactUnsaid } from "../../shared/impact.ts";
import { limitText, printParameters, setParameters } from "../../shared/parameters.ts";
import { childDraft, draftOf, formatDraft, setText } from "../../shared/rewrite.ts";
import { attributeAt, elementsAt, readDocument, textAt } from "../../shared/xml.ts";

/** Bytes as whole KiB, rounded up. */
function toKib(bytes: bigint): bigint {
  return (bytes + 1023n) / 1024n;
}

export const setmem = command({
  name: "setmem",
  summary: "how much memory a domain uses",
  description: "Sets how much memory a domain has now; the guest's balloon gives or takes the difference.",
  options: {
    domain: domainOption(),
    size: kibibytes("the amount; KiB when no unit is given", { required: true }),
    ...impactOptions,
  },
  aliases: { kilobytes: "size" },
  async run(context) {
    const { options } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    const size = toKib(options.size);
    await domain.setMemoryFlags(size, impactUnsaid(options) ? Memory.LIVE : flags);
  },
});

export const setmaxmem = command({
  name: "setmaxmem",
  summary: "how much memory a domain may have",
  description: "Sets how much memory a domain can be given at most.",
  options: {
    domain: domainOption(),
    size: kibibytes("the amount; KiB when no unit is given", { required: true }),
    ...impactOptions,
  },
  aliases: { kilobytes: "size" },
  async run(context) {
    const { options } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    const size = toKib(options.size);
    await attempt("Unable to change MaxMemorySize", () =>
      impactUnsaid(options) ? domain.setMaxMemory(size) : domain.setMemoryFlags(size, flags | Memory.MAXIMUM),
    );
  },
});

export const memtune = command({
  name: "memtune",
  summary: "limits on a domain's memory",
  description: "Sets limits on the memory that the host gives a domain; without one, shows them.",
  options: {
    domain: domainOption(),
    hardLimit: memoryLimit("most memory; KiB when no unit is given"),
    softLimit: memoryLimit("most memory while the host is short of it; KiB when no unit is given"),
    swapHardLimit: memoryLimit("most memory and swap together; KiB when no unit is given"),
    minGuarantee: memoryLimit("memory it has in any case; KiB when no unit is given"),
    ...impactOptions,
  },
  async query(context) {
    const { options } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    const wanted = setParameters({
      hard_limit: options.hardLimit,
      soft_limit: options.softLimit,
      swap_hard_limit: options.swapHardLimit,
      min_guarantee: options.minGuarantee,
    });
    if (wanted === undefined) {
      return attempt("Unable to get memory parameters", () => domain.memoryParameters(flags));
    }
    await attempt("Unable to change memory parameters", () => domain.setMemoryParameters(wanted, flags));
    return undefined;
  },
  print: (parameters) => printParameters(parameters, limitText),
});

export const updateMemoryDevice = command({
  name: "update-memory-device",
  summary: "how much of a virtio-mem device a guest gets",
  description: "Changes how much of a memory device is given to the guest.",
  options: {
    domain: domainOption({ filter: DomainFilter.ACTIVE }),
    ...impactOptions,
    printXml: flag("print the device's new XML, and change nothing"),
    alias: text("alias of the device"),
    node: uint("NUMA node of the device in the guest"),
    requestedSize: kibibytes("the amount; KiB when no unit is given"),
  },
  async run(context) {
    const { options, print, notice } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    const xml = await domain.xmlDesc((flags & Modify.CONFIG) !== 0 ? DomainXMLFlags.INACTIVE : 0);
    const matching = elementsAt(readDocument(xml), "devices/memory").filter(
      (device) =>
        (options.alias === undefined || attributeAt(device, "alias", "name") === options.alias) &&
        (options.node === undefined || textAt(device, "target/node") === String(options.node)),
    );
    const [device] = matching;
    if (device === undefined) throw new CommandError("no memory device found");
    if (matching.length > 1) {
      throw new CommandError("multiple memory devices found, use --alias or --node to select one");
    }
    const draft = draftOf(device);
    const target = childDraft(draft, "target");
    const requested = target && childDraft(target, "requested");
    if (requested === undefined) throw new CommandError("virtio-mem device is missing <requested/>");
    if (options.requestedSize !== undefined) {
      setText(requested, String(toKib(options.requestedSize)));
      requested.attributes.set("unit", "KiB");
    }
    const changed = formatDraft(draft);
    if (options.printXml) {
      print(changed);
      return;
    }
    await attempt("Failed to update memory device", () => domain.updateDeviceFlags(changed, flags));
    notice("Device updated successfully\n");
  },
});
