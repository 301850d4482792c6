/** Images in Ceph, as QEMU's old syntax names them: `rbd:pool/image:id=user:mon_host=a\:6789\;b\:6789`. */

import { InvalidValue } from "../../xml/index.ts";
import { type Storage, type StorageOf, storage as storageShape } from "../domain/index.ts";
import { unsupported } from "../domain/refuse.ts";

type Source = NonNullable<StorageOf<"network">["source"]>;

/** Splits where the character is not escaped. */
const split = (text: string, at: string): string[] =>
  text.match(new RegExp(`(?:[^${at}\\\\]|\\\\[\\s\\S])+`, "g")) ?? [];
const unescaped = (text: string): string => text.replace(/\\([\s\S])/g, "$1");
const escaped = (text: string): string => text.replace(/[:;\\@=]/g, "\\$&");

/** @throws InvalidValue */
export function parseRbd(text: string): Storage {
  const [name = "", ...options] = split(text.slice("rbd:".length), ":");
  if (name === "") throw new InvalidValue(`'${text.slice(0, 80)}' names no image`);
  const hosts: { name: string; port?: number }[] = [];
  for (const option of options) {
    const equals = option.indexOf("=");
    const [key, value] = [option.slice(0, equals), option.slice(equals + 1)];
    if (key === "mon_host") hosts.push(...split(value.replaceAll("\\;", ";"), ";").map(hostOf));
  }
  return storageShape.make({ type: "network", source: { protocol: "rbd", name: unescaped(name), hosts } });
}

function hostOf(text: string): { name: string; port?: number } {
  const plain = unescaped(text);
  const colon = plain.lastIndexOf(":");
  const port = plain.slice(colon + 1);
  if (colon <= 0 || !/^\d{1,5}$/.test(port)) return { name: plain };
  return { name: plain.slice(0, colon).replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
}

/** An image that is open to everyone: a secret would stand in the configuration for all to read. */
export function writeRbd(source: Source): string {
  if (source.auth !== undefined) unsupported("Xen's configuration cannot hold the secret of an image in Ceph");
  const hosts = source.hosts.map((host) => {
    if (host.name === undefined) throw new InvalidValue("a host of Ceph needs a name");
    const name = host.name.includes(":") ? `[${host.name}]` : host.name;
    return host.port ? `${escaped(name)}\\:${host.port}` : escaped(name);
  });
  return [
    `rbd:${escaped(source.name ?? "")}`,
    "auth_supported=none",
    ...(hosts.length === 0 ? [] : [`mon_host=${hosts.join("\\;")}`]),
  ].join(":");
}
