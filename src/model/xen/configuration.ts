/** Configurations of xl and of the older xm, from and to definitions. */

import { InvalidValue } from "../../xml/index.ts";
import type { ConfigurationEntry, ConfigurationValue } from "../configuration.ts";
import { formatConfiguration, parseConfiguration, syntaxError } from "../configuration.ts";
import { type Domain, domainDocument, type networkInterface, type ParsedDomain } from "../domain/index.ts";
import { malformed } from "../domain/refuse.ts";
import { setLoader, xlBoot, xmBoot } from "./boot.ts";
import { characterDevices } from "./character.ts";
import { processor } from "./cpu.ts";
import { finishXenDomain } from "./definition.ts";
import { bus, channels, firmwareTables, inputs, pci, sounds, usb } from "./devices.ts";
import { disks } from "./disks.ts";
import { clock, features, setClock, setUsualFeatures, timers } from "./features.ts";
import { emulator, endings, identity, kind, memory, processors, setDefaultMemory, setGuestType } from "./general.ts";
import { Given } from "./given.ts";
import { framebuffer, readScreen, screen, video } from "./graphics.ts";
import { numa } from "./numa.ts";
import { readPairs, writePairs } from "./pairs.ts";
import { type Dialect, isHvm, listSetting, type Setting, usualHost, type XenHost } from "./setting.ts";
import { readVif, writeVif } from "./vif.ts";

/** The largest configuration that is read, in characters. */
const maxLength = 1024 * 1024;

function cards(dialect: Dialect): Setting {
  return listSetting("vif", {
    read: (given, draft) => void draft.devices.interfaces.push(readVif(readPairs(given))),
    of: ({ devices }) => devices.interfaces.filter(({ connection }) => connection.type !== "hostdev"),
    write: (card, domain) => writePairs(writeVif(card, isHvm(domain), dialect)),
  });
}

/** What both dialects know. */
function common(dialect: Dialect): Setting[] {
  return [
    ...[...kind, ...identity, ...memory, ...processors],
    ...[...features, ...timers, ...clock, ...endings, ...emulator],
    ...[framebuffer(dialect), ...screen(dialect), cards(dialect), ...pci, ...characterDevices, ...sounds],
  ];
}

const tables: Readonly<Record<Dialect, readonly Setting[]>> = {
  xl: [
    ...common("xl"),
    ...[...xlBoot, ...firmwareTables, ...numa, ...processor, ...video, ...bus],
    ...[...disks.xl, ...inputs, ...usb, ...channels],
    {
      name: "device_model_args",
      read: (given, draft) => {
        draft.xenCommandline = { args: given.items().map((one) => ({ value: one.text() })) };
      },
      write: ({ xenCommandline }) => xenCommandline?.args.map(({ value }) => value),
    },
  ],
  xm: [...common("xm"), ...xmBoot, ...disks.xm, ...inputs],
};

/** Every name that is read or written, in the order in which it is. */
export const settingNames = (dialect: Dialect): string[] => tables[dialect].map(({ name }) => name);

/**
 * The definition that a configuration stands for, completed and checked.
 * @throws LibvirtError CONF_SYNTAX with the line; XML_ERROR and CONFIG_UNSUPPORTED for what makes no guest
 */
export function parseXenConfiguration(text: string, dialect: Dialect, host: XenHost = usualHost): Domain {
  if (text.length > maxLength) throw syntaxError("config", 1, `it is larger than ${maxLength} characters`);
  return readSettings(
    givenOf(parseConfiguration(text, "config", { escapes: dialect === "xl" ? "xl" : "python" })),
    dialect,
    host,
  );
}

/**
 * The definition that settings stand for, completed and checked.
 * @param addDevices reads what stands elsewhere
 */
export function readSettings(
  settings: ReadonlyMap<string, Given>,
  dialect: Dialect,
  host: XenHost,
  addDevices: (draft: ParsedDomain) => void = () => {},
): Domain {
  const draft = newDraft();
  setGuestType(draft, "xen", host);
  setDefaultMemory(draft);
  readInOrder(settings, draft, dialect, host);
  addDevices(draft);
  if (draft.name === "") malformed("the configuration names no domain");
  const domain = finishXenDomain({ value: draft, unknown: [] }, { host });
  for (const card of domain.devices.interfaces) forgetPort(card);
  return domain;
}

function newDraft(): ParsedDomain {
  return domainDocument.make({ type: "xen", name: "", on_crash: "restart" });
}

/** The id of a switch's port is made when the definition is defined, not when it is converted. */
function forgetPort({ virtualport }: { virtualport?: ReturnType<typeof networkInterface.make>["virtualport"] }): void {
  if (virtualport?.type === "openvswitch") delete virtualport.parameters;
}

function givenOf(entries: readonly ConfigurationEntry[]): Map<string, Given> {
  return new Map(
    entries.flatMap(({ name, value, line }) => {
      return name === undefined || value === undefined ? [] : [[name, new Given(name, value, line)] as const];
    }),
  );
}

function readInOrder(settings: ReadonlyMap<string, Given>, draft: ParsedDomain, dialect: Dialect, host: XenHost): void {
  let started = false;
  for (const { name, read } of tables[dialect]) {
    if (!started && name === identity[0]?.name) {
      // What kind of guest it is is known by now; what its kind has without saying comes before what is said.
      started = true;
      if (isHvm(draft)) setUsualFeatures(draft);
      setClock(draft, { seconds: 0n, isLocal: false });
    }
    const given = settings.get(name);
    if (given === undefined || read === undefined || isOverruled(name, settings)) continue;
    try {
      read(given, draft, host);
    } catch (error) {
      if (error instanceof InvalidValue) given.fail(error.message);
      throw error;
    }
  }
  readScreen(settings, draft);
  if (dialect === "xl" && isHvm(draft)) setLoader(draft, host.hvmloader);
}

/** Where two settings say the same, the newer one counts. */
const newer: Readonly<Record<string, string>> = {
  builder: "type",
  device_model: "device_model_override",
  root: "cmdline",
  extra: "cmdline",
  bootargs: "bootloader_args",
  stdvga: "vga",
};

function isOverruled(name: string, settings: ReadonlyMap<string, Given>): boolean {
  const by = newer[name];
  return by !== undefined && settings.has(by);
}

/**
 * The configuration that stands for a completed definition.
 * @throws LibvirtError CONFIG_UNSUPPORTED for what cannot be said in it
 */
export function formatXenConfiguration(domain: Domain, dialect: Dialect, host: XenHost = usualHost): string {
  const entries = writeSettings(domain, dialect, host);
  return formatConfiguration(entries, { escapes: dialect === "xl" ? "xl" : "python" });
}

/** What a definition says by settings, in the order of the table. */
export function writeSettings(
  domain: Domain,
  dialect: Dialect,
  host: XenHost,
): { readonly name: string; readonly value: ConfigurationValue }[] {
  return tables[dialect].flatMap(({ name, write }) => {
    const value = write?.(domain, host);
    return value === undefined ? [] : [{ name, value }];
  });
}
