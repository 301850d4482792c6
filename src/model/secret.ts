/** The secret document (`<secret>`): what a secret is for, never its value. */
import {
  attr,
  child,
  document,
  fields,
  type Infer,
  leaf,
  type Mode,
  type ReadOptions,
  type Shape,
  text,
  uuid,
  variants,
  yesNo,
} from "../xml/index.ts";

const usageShape = variants("type", {
  none: {},
  volume: { volume: leaf(text).required() },
  ceph: { name: leaf(text).required() },
  iscsi: { target: leaf(text).required() },
  tls: { name: leaf(text).required() },
  vtpm: { name: leaf(text).required() },
});
export type SecretUsage = Infer<typeof usageShape>;
const usage: Shape<SecretUsage> = usageShape;

const secretShape = fields({
  /** The value is kept only in memory. */
  ephemeral: attr(yesNo).default(false),
  /** The value is never given out, only used. */
  private: attr(yesNo).default(false),
  uuid: leaf(uuid),
  description: leaf(text),
  usage: child(usage),
});
/** A secret (virSecretDefineXML). */
export interface Secret extends Infer<typeof secretShape> {}
const secret: Shape<Secret> = secretShape;

export const secretDocument = document("secret", secret, {}, { from: "SECRET", title: "definition_of_secret" });

/**
 * Reads a secret. It does not get a UUID: that is the driver's to choose.
 * @throws LibvirtError
 */
export function parseSecret(xml: string, options: ReadOptions = {}): Secret {
  const value = secretDocument.parse(xml, options);
  // Saying that it is for nothing is saying nothing.
  if (value.usage?.type === "none") delete value.usage;
  return value;
}

/** Prints a secret (virSecretGetXMLDesc). */
export function formatSecret(value: Secret, mode: Mode = {}): string {
  return secretDocument.format(value, mode);
}

/** What a secret's usage is called by type: the string that virSecretLookupByUsage looks for. */
export function usageId(of: SecretUsage): string {
  if (of.type === "none") return "";
  if (of.type === "volume") return of.volume;
  return of.type === "iscsi" ? of.target : of.name;
}
