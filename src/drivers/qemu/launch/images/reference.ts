/** How an image is named inside another one, in the header of its overlay: without secrets, and without names of nodes. */
import type { Storage, StorageOf } from "../../../../model/domain/index.ts";
import { type Json, type JsonObject, stringifyJson } from "../../monitor/json.ts";
import type { DeviceContext } from "../devices/context.ts";
import { clean, integer } from "../parts/make-part.ts";
import type { Image } from "./image.ts";
import { cookieLine, hostAndPort, urlOf } from "./network.ts";
import { sourceProps } from "./source.ts";

/** What of a node is only true for one guest's run. */
const passing: ReadonlySet<string> = new Set(["aio", "pr-manager", "rw", "tls-creds", "cookie-secret", "debug"]);

/** The options that say where an image is, and nothing else. */
export function referenceProps(image: Image, context: DeviceContext): JsonObject {
  const { auth: _auth, encryption: _encryption, ...place } = image;
  const props: { [name: string]: Json | undefined } = {
    ...sourceProps(place, context),
    cookie: cookiesOf(image.storage),
  };
  for (const name of passing) delete props[name];
  return clean(props);
}

function cookiesOf(storage: Storage): string | undefined {
  return storage.type === "network" && storage.source !== undefined ? cookieLine(storage.source) : undefined;
}

/** A path or an address where that says it all, else options as JSON. */
export function imageReference(image: Image, context: DeviceContext): string {
  if (image.slice === undefined) {
    const plain = plainReference(image.storage);
    if (plain !== undefined) return plain;
  }
  return `json:${stringifyJson({ file: sliced(image, referenceProps(image, context)) })}`;
}

function sliced({ slice }: Image, file: JsonObject): JsonObject {
  if (slice === undefined) return file;
  return { driver: "raw", offset: integer(slice.offset), size: integer(slice.size), file };
}

function plainReference(storage: Storage): string | undefined {
  switch (storage.type) {
    case "file":
      return storage.source?.file;
    case "block":
      return storage.source?.dev;
    case "dir":
      return `fat:${storage.source?.dir ?? ""}`;
    case "network":
      return storage.source === undefined ? undefined : address(storage.source);
    default:
      return undefined;
  }
}

type Source = NonNullable<StorageOf<"network">["source"]>;

/** An address; undefined for what an address cannot say. */
function address(source: Source): string | undefined {
  const { protocol, hosts, name = "" } = source;
  const [host] = hosts;
  if (host === undefined || hosts.length > 1 || hasOptions(source)) return undefined;
  switch (protocol) {
    case "http":
    case "https":
    case "ftp":
    case "ftps":
    case "tftp":
      return urlOf(source);
    case "nbd":
      if (host.transport === "unix") return `nbd+unix:///${name}?socket=${host.socket ?? ""}`;
      return `nbd://${hostAndPort(host)}${name === "" ? "" : `/${name}`}`;
    case "iscsi":
    case "gluster":
      if (host.transport === "unix") return undefined;
      return `${protocol}://${hostAndPort(host)}/${name.split("/").map(encodeURIComponent).join("/")}`;
    default:
      return undefined;
  }
}

const hasOptions = ({ cookies, ssl, readahead, timeout, tls, initiator }: Source): boolean =>
  [cookies, ssl, readahead, timeout, initiator].some((option) => option !== undefined) || tls === true;
