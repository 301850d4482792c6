/** Devices described in XML files: plugging in, unplugging, changing. */
import type { Domain } from "../../../api/index.ts";
import { DomainDeviceModifyFlags as Modify } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import type { Completer } from "../../completer.ts";
import { attempt } from "../../error.ts";
import { domainOf, domainOption, lookupDomain } from "../../objects/domain.ts";
import { data, flag } from "../../option.ts";
import { readXmlFile } from "../../shared/files.ts";
import {
  type ImpactValues,
  impactFlags,
  impactOptions,
  persistentImpactFlags,
  persistentImpactOptions,
} from "../../shared/impact.ts";
import { elementsAt, readDocument } from "../../shared/xml.ts";
import { xmlFile } from "../../shared/xml-options.ts";

const options = { domain: domainOption(), file: xmlFile("the device"), ...persistentImpactOptions };

/** The flags of a device command. */
export function deviceFlags(domain: Domain, given: ImpactValues & { readonly persistent: boolean }): Promise<number> {
  return persistentImpactFlags(given, () => domain.isActive());
}

export const attachDevice = command({
  name: "attach-device",
  summary: "plug in a device",
  description: "Gives a domain the device that a file describes.",
  options,
  async run(context) {
    const { file } = context.options;
    const domain = await domainOf(context);
    const flags = await deviceFlags(domain, context.options);
    const xml = await readXmlFile(file);
    await attempt(`Failed to attach device from ${file}`, () =>
      flags === 0 ? domain.attachDevice(xml) : domain.attachDeviceFlags(xml, flags),
    );
    context.notice("Device attached successfully\n");
  },
});

export const detachDevice = command({
  name: "detach-device",
  summary: "unplug a device",
  description: "Takes the device that a file describes away from a domain.",
  options,
  async run(context) {
    const { file } = context.options;
    const domain = await domainOf(context);
    const flags = await deviceFlags(domain, context.options);
    const xml = await readXmlFile(file);
    await attempt(`Failed to detach device from ${file}`, () =>
      flags === 0 ? domain.detachDevice(xml) : domain.detachDeviceFlags(xml, flags),
    );
    context.notice("Device detached successfully\n");
  },
});

export const updateDevice = command({
  name: "update-device",
  summary: "change a device",
  description: "Changes a domain's device to what a file describes.",
  options: { ...options, force: flag("even if the guest holds on to it") },
  async run(context) {
    const { file, force } = context.options;
    const domain = await domainOf(context);
    const flags = (await deviceFlags(domain, context.options)) | (force ? Modify.FORCE : 0);
    const xml = await readXmlFile(file);
    await attempt(`Failed to update device from ${file}`, () => domain.updateDeviceFlags(xml, flags));
    context.notice("Device updated successfully\n");
  },
});

const aliases: Completer = async ({ connection, given }) => {
  const domain = await lookupDomain(await connection(), given.get("domain") ?? "");
  const devices = elementsAt(readDocument(await domain.xmlDesc()), "devices")[0];
  return [...(devices?.elements() ?? [])].flatMap((device) => elementsAt(device, "alias")[0]?.attribute("name") ?? []);
};

export const detachDeviceAlias = command({
  name: "detach-device-alias",
  summary: "unplug a device by its alias",
  description: "Asks to take away the device of that alias; the guest may take its time to let go of it.",
  options: {
    domain: domainOption(),
    alias: data("alias of the device", { complete: aliases }),
    ...impactOptions,
  },
  async run(context) {
    const { alias } = context.options;
    const flags = impactFlags(context.options);
    const domain = await domainOf(context);
    await attempt(`Failed to detach device with alias ${alias}`, () => domain.detachDeviceAlias(alias, flags));
    context.notice("Device detach request sent successfully\n");
  },
});
