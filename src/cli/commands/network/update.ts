/** The command `net-update`. */
import {
  NetworkUpdateCommand as Action,
  NetworkUpdateFlags as Impact,
  NetworkUpdateSection as Section,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { oneOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { networkOf, networkOption } from "../../objects/network.ts";
import { data, flag, int } from "../../option.ts";
import { readXmlFile } from "../../shared/files.ts";
import { impactFlags } from "../../shared/impact.ts";

const actions: Readonly<Record<string, number>> = {
  modify: Action.MODIFY,
  delete: Action.DELETE,
  add: Action.ADD_LAST,
  "add-last": Action.ADD_LAST,
  "add-first": Action.ADD_FIRST,
};

const sections: Readonly<Record<string, number>> = {
  bridge: Section.BRIDGE,
  domain: Section.DOMAIN,
  ip: Section.IP,
  "ip-dhcp-host": Section.IP_DHCP_HOST,
  "ip-dhcp-range": Section.IP_DHCP_RANGE,
  forward: Section.FORWARD,
  "forward-interface": Section.FORWARD_INTERFACE,
  "forward-pf": Section.FORWARD_PF,
  portgroup: Section.PORTGROUP,
  "dns-host": Section.DNS_HOST,
  "dns-txt": Section.DNS_TXT,
  "dns-srv": Section.DNS_SRV,
};

export const netUpdate = command({
  name: "net-update",
  summary: "change a part of a network",
  options: {
    network: networkOption(),
    command: data("what to do: add-first, add-last (add), delete, or modify", {
      complete: oneOf(...Object.keys(actions)),
    }),
    section: data("with which part", { complete: oneOf(...Object.keys(sections)) }),
    xml: data("the part's XML, if it starts with '<', or a file that holds it"),
    parentIndex: int("in which of several parents, counted from 0"),
    config: flag("from the next start on"),
    live: flag("in the running network"),
    current: flag("in the running network, or if it is off, from the next start on"),
  },
  async run(context) {
    const { options, notice } = context;
    const impact = impactFlags(options);
    const network = await networkOf(context);
    const action = actions[options.command];
    if (action === undefined) throw new CommandError(`unrecognized command name '${options.command}'`);
    const section = sections[options.section];
    if (section === undefined) throw new CommandError(`unrecognized section name '${options.section}'`);
    const xml = options.xml.startsWith("<") ? options.xml : await readXmlFile(options.xml);
    await attempt(`Failed to update network ${network.name()}`, () =>
      network.update(action, section, options.parentIndex ?? -1, xml, impact),
    );
    notice(await outcome(network.name(), impact, () => network.isActive()));
  },
});

async function outcome(name: string, impact: number, isActive: () => Promise<boolean>): Promise<string> {
  const both = Impact.AFFECT_CONFIG | Impact.AFFECT_LIVE;
  if ((impact & both) === both) return `Updated network ${name} persistent config and live state`;
  const config = (impact & Impact.AFFECT_CONFIG) !== 0 || (impact === 0 && !(await isActive()));
  return config ? `Updated network ${name} persistent config` : `Updated network ${name} live state`;
}
