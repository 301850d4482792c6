/**
 * libvirt's grammars against our descriptions: documents made at random from the grammar are read in strict mode.
 * A name the grammar knows and the description does not shows at once, and so does a type that is too narrow.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { interfaceDocument } from "../../src/model/interface.ts";
import { networkDocument, networkPortDocument } from "../../src/model/network/index.ts";
import { nodeDeviceDocument } from "../../src/model/node-device.ts";
import { filterBindingDocument, filterDocument } from "../../src/model/nwfilter/index.ts";
import { secretDocument } from "../../src/model/secret.ts";
import { poolDocument, volumeDocument } from "../../src/model/storage/index.ts";
import { type ReadResult, XmlDocumentError } from "../../src/xml/index.ts";
import { documentsOf } from "./generate.ts";
import { loadGrammar } from "./pattern.ts";

const schemas = process.env.TSVIRT_SCHEMAS ?? "/usr/share/libvirt/schemas";
const documents = 400;

interface Readable {
  read(xml: string): ReadResult<unknown>;
}

interface Case {
  readonly schema: string;
  readonly document: Readable;
  /** Where the grammar allows what libvirt's parser, and ours, does not take. */
  readonly known?: readonly RegExp[];
}

/** The grammar's patterns for IPv6 addresses and for sizes let through what cannot be. */
const badAddress = /':[^']*' is not an IP address/;
/** Hexadecimal without 0x, and numbers no PCI bus has. */
const badPciAddress = /\/address\/@(domain|bus|slot|function): Invalid value/;
const tooLarge = /is too large$/;

const cases: readonly Case[] = [
  {
    schema: "network",
    document: networkDocument,
    known: [
      badAddress,
      /outbound\/@floor is unknown/, // no guarantee for what guests receive
      badPciAddress,
      /\/forward\/address\/@multifunction is unknown/, // of guests' devices, not of the host's
      /\/network\/ip: Missing required attribute 'address'/,
    ],
  },
  {
    schema: "storagepool",
    document: poolDocument,
    known: [
      tooLarge,
      /parentaddr: Missing required attribute 'unique_id'/,
      /secret\/@uuid: .* is not a UUID/, // any text in the grammar
      /\/format\/(vendor|product) is unknown/, // they stand beside <format>
      /\/pool\/source\/name is unknown/, // repeated
    ],
  },
  { schema: "storagevol", document: volumeDocument, known: [tooLarge] },
  {
    schema: "interface",
    document: interfaceDocument,
    known: [/interface: Missing required attribute 'name'/], // of a VLAN
  },
  {
    schema: "networkport",
    document: networkPortDocument,
    known: [badPciAddress, /outbound\/@floor is unknown/, /\/plug\/address\/@multifunction is unknown/],
  },
  {
    schema: "nodedev",
    document: nodeDeviceDocument,
    known: [badPciAddress, /feature\/@name: Invalid value/], // any text in the grammar
  },
  {
    schema: "nwfilter",
    document: filterDocument,
    // The grammar allows spaces in names of variables, octets up to 299, groups without digits, and masks with gaps.
    known: [
      /'\$[^']* [^']*' is not/,
      /'[\d.]+' is not an ipv4/,
      /'[\da-f.:]+' is not an ipv6/i,
      /'[\da-f:]+' is not a MAC address mask/i,
    ],
  },
  { schema: "nwfilterbinding", document: filterBindingDocument },
  { schema: "secret", document: secretDocument },
];

/** What is wrong with a document, without the numbers of its elements. */
function complaints(document: Readable, xml: string): string[] {
  const plain = (path: string): string => path.replace(/\[\d+\]/g, "");
  try {
    return document.read(xml).unknown.map(({ path }) => `${plain(path)} is unknown`);
  } catch (error) {
    if (!(error instanceof XmlDocumentError)) throw error;
    return error.problems.map(({ path, message }) => `${plain(path)}: ${message}`);
  }
}

for (const { schema, document, known = [] } of cases) {
  const path = join(schemas, `${schema}.rng`);
  test(`${schema}.rng`, { skip: existsSync(path) ? false : `no ${path}` }, async () => {
    const next = documentsOf(await loadGrammar(path), 1);
    const found = new Map<string, string>();
    for (let count = 0; count < documents; count++) {
      const xml = next();
      for (const complaint of complaints(document, xml)) {
        const key = complaint.replace(/'[^']*' is not/, "... is not");
        if (!known.some((pattern) => pattern.test(complaint)) && !found.has(key)) found.set(key, `${complaint}`);
      }
    }
    assert.deepEqual([...found.values()].sort(), []);
  });
}
