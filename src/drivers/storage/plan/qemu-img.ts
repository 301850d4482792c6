/** The qemu-img commands that make a volume. Pure. */
import { LibvirtError } from "../../../errors.ts";
import type { Encryption } from "../../../model/common/encryption.ts";
import type { Volume } from "../../../model/storage/index.ts";

/** What a volume is made with, beside its definition. */
export interface ImagePlanOptions {
  /** The volume whose content it gets. */
  readonly from?: Volume;
  /** Whether the image's tables are made now rather than when the guest writes. */
  readonly preallocate?: boolean;
  /** Files with the passphrases of the new volume and of the one it is made from. */
  readonly secretFile?: string;
  readonly fromSecretFile?: string;
}

/** Arguments of qemu-img, command by command. */
export type ImageCommands = readonly (readonly string[])[];

function refuse(detail: string): never {
  throw new LibvirtError("CONFIG_UNSUPPORTED", "STORAGE", detail);
}

/** The commands that make a volume's image at its target path. */
export function imageCommands(volume: Volume, options: ImagePlanOptions = {}): ImageCommands {
  const { from } = options;
  check(volume, options);
  // A conversion that decrypts or encrypts needs both images there, each described with its key.
  const both = from !== undefined && (isEncrypted(volume) || isEncrypted(from));
  if (from === undefined) return [create(volume, options)];
  return both ? [create(volume, options), convertBoth(volume, from, options)] : [convert(volume, from, options)];
}

/** The size that qemu-img is asked for: whole KiB, as many as hold the capacity. */
export function kibibytes(capacity: bigint): string {
  return `${(capacity + 1023n) / 1024n}K`;
}

/** The argument of qemu-img that tells it a passphrase. */
function secretObject(id: string, file: string): readonly string[] {
  return ["--object", `secret,id=${escaped(id)},file=${escaped(file)}`];
}

/** The format that qemu-img knows the image by. */
export function formatOf({ target }: Volume): string {
  const format = target.format?.type ?? "raw";
  // An ISO image and a plain one are the same to it, and LUKS is a format of its own.
  if (format !== "raw" && format !== "iso") return format;
  return target.encryption === undefined ? "raw" : "luks";
}

function isEncrypted({ target }: Volume): boolean {
  return target.encryption !== undefined;
}

function pathOf({ target }: Volume): string {
  return target.path ?? "";
}

/** A comma ends a value on qemu-img's option lists unless there are two. */
function escaped(value: string): string {
  return value.replaceAll(",", ",,");
}

const keyName = ({ name }: Volume) => `${name}_encrypt0`;

function check(volume: Volume, { preallocate = false, from }: ImagePlanOptions): void {
  const format = volume.target.format?.type ?? "raw";
  const { encryption, features, compat } = volume.target;
  if (preallocate && format !== "qcow2") refuse(`metadata preallocation only available with qcow2`);
  if (encryption !== undefined) checkEncryption(encryption, format);
  if (volume.backingStore !== undefined && from !== undefined && isEncrypted(from)) {
    refuse("a backing store cannot be used with a clone of an encrypted volume");
  }
  if (features !== undefined && compat === "0.10") {
    const asked = features.lazy_refcounts ? "lazy_refcounts" : features.extended_l2 ? "extended_l2" : null;
    if (asked !== null) refuse(`Feature ${asked} not supported with compat level ${compat}`);
  }
}

function checkEncryption({ format }: Encryption, image: string): void {
  if (image !== "raw" && image !== "qcow2") refuse(`volume encryption unsupported with format ${image}`);
  if (format !== "luks") refuse(`creation of volumes with encryption '${format}' is not supported: use 'luks'`);
}

function create(volume: Volume, options: ImagePlanOptions): readonly string[] {
  const { secretFile } = options;
  const { backingStore } = volume;
  return [
    ...["create", "-f", formatOf(volume)],
    ...(backingStore?.path === undefined ? [] : ["-b", backingStore.path]),
    ...(isEncrypted(volume) ? secretObject(keyName(volume), secretFile ?? "") : []),
    ...optionList(volume, options),
    pathOf(volume),
    // Without one, the new image is as large as the one it lies on.
    ...(volume.capacity === 0n && backingStore !== undefined ? [] : [kibibytes(volume.capacity)]),
  ];
}

function convert(volume: Volume, from: Volume, options: ImagePlanOptions): readonly string[] {
  const { backingStore } = volume;
  return [
    ...["convert", "-f", formatOf(from), "-O", formatOf(volume)],
    ...(backingStore?.path === undefined ? [] : ["-B", backingStore.path]),
    ...optionList(volume, options),
    pathOf(from),
    pathOf(volume),
  ];
}

function convertBoth(volume: Volume, from: Volume, options: ImagePlanOptions): readonly string[] {
  return [
    ...["convert", "--image-opts", "-n", "--target-image-opts"],
    ...(isEncrypted(volume) ? secretObject(keyName(volume), options.secretFile ?? "") : []),
    ...(isEncrypted(from) ? secretObject(keyName(from), options.fromSecretFile ?? "") : []),
    imageOptions(from),
    imageOptions(volume),
  ];
}

function imageOptions(volume: Volume): string {
  const format = formatOf(volume);
  const key = format === "luks" ? "key-secret" : "encrypt.key-secret";
  const words = [`driver=${format}`, `file.filename=${escaped(pathOf(volume))}`];
  if (isEncrypted(volume)) words.push(`${key}=${escaped(keyName(volume))}`);
  return words.join(",");
}

/** qemu-img's -o, where there is something to say. */
function optionList(volume: Volume, { preallocate = false, from }: ImagePlanOptions): readonly string[] {
  const format = formatOf(volume);
  const { backingStore, target, capacity, allocation } = volume;
  const words: string[] = [];
  if (backingStore?.path !== undefined) words.push(`backing_fmt=${backingStore.format?.type ?? "raw"}`);
  if (target.encryption !== undefined && !(from !== undefined && format === "raw")) {
    words.push(...encryptionOptions(volume, target.encryption));
  }
  // With room for all of it, all of it is taken.
  if (preallocate) words.push(`preallocation=${capacity > allocation ? "metadata" : "falloc"}`);
  if (target.nocow) words.push("nocow=on");
  if (format === "qcow2") words.push(...qcow2Options(volume));
  return words.length === 0 ? [] : ["-o", words.join(",")];
}

function qcow2Options({ target }: Volume): readonly string[] {
  const { compat, clusterSize = 0n, features } = target;
  const words = [`compat=${compat ?? "0.10"}`];
  if (clusterSize > 0n) words.push(`cluster_size=${clusterSize}`);
  if (features?.lazy_refcounts) words.push("lazy_refcounts");
  if (features?.extended_l2) words.push("extended_l2=on");
  return words;
}

function encryptionOptions(volume: Volume, { cipher, ivgen }: Encryption): readonly string[] {
  const within = formatOf(volume) === "luks" ? "" : "encrypt.";
  const words = within === "" ? [] : ["encrypt.format=luks"];
  words.push(`${within}key-secret=${escaped(keyName(volume))}`);
  if (cipher === undefined) return words;
  words.push(`${within}cipher-alg=${escaped(cipher.name)}-${cipher.size}`);
  if (cipher.mode !== undefined) words.push(`${within}cipher-mode=${escaped(cipher.mode)}`);
  if (cipher.hash !== undefined) words.push(`${within}hash-alg=${escaped(cipher.hash)}`);
  if (ivgen === undefined) return words;
  words.push(`${within}ivgen-alg=${escaped(ivgen.name)}`);
  if (ivgen.hash !== undefined) words.push(`${within}ivgen-hash-alg=${escaped(ivgen.hash)}`);
  return words;
}
