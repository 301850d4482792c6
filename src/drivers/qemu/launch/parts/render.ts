/** Parts as words of a command line, as the emulator at hand takes them. */
import type { QemuCapabilities } from "../../capabilities/capabilities.ts";
import { isJsonObject, type Json, type JsonObject, stringifyJson } from "../../monitor/json.ts";
import { keyValue } from "./key-value.ts";
import type { ChardevPart, Part } from "./part.ts";

export function renderParts(parts: readonly Part[], capabilities: QemuCapabilities): string[] {
  return parts.flatMap((part) => words(part, capabilities));
}

function words(part: Part, capabilities: QemuCapabilities): readonly string[] {
  switch (part.kind) {
    case "option":
      return part.words;
    case "blockdev":
      return ["-blockdev", stringifyJson(part.props)];
    case "chardev":
      return ["-chardev", chardevWord(part)];
    case "object":
      return ["-object", props(part.props, "qom-type", capabilities.has("object.qapified"))];
    case "netdev":
      return ["-netdev", props(part.props, "type", capabilities.has("netdev.json"))];
    case "device":
      return ["-device", props(part.props, "driver", capabilities.has("device.json+hotplug"))];
  }
}

function props(all: JsonObject, firstKey: string, asJson: boolean): string {
  if (asJson) return stringifyJson(all);
  const { [firstKey]: first, ...others } = all;
  return keyValue(String(first), others);
}

/** Character devices are not taken as JSON: the command line names some of their properties otherwise than QMP. */
function chardevWord({ id, backend }: ChardevPart): string {
  const { logfile, logappend, ...data } = isJsonObject(backend.data) ? backend.data : {};
  const props = { ...lineNames(String(backend.type), data), logfile, logappend };
  return keyValue(String(backend.type), { id, ...withoutDefaults(props) });
}

/** What monitor commands must say and the command line means anyway. */
const lineDefaults: JsonObject = { server: false, logappend: false };

function withoutDefaults(props: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(props).filter(([key, value]) => value !== lineDefaults[key]));
}

function lineNames(type: string, data: JsonObject): JsonObject {
  switch (type) {
    case "socket": {
      const { addr, ...others } = data;
      return { ...address(addr), ...others };
    }
    case "udp": {
      const { host, port } = endpoint(data.remote);
      const { host: localaddr, port: localport } = endpoint(data.local);
      return { host, port, localaddr, localport };
    }
    case "file": {
      const { out, ...others } = data;
      return { path: out, ...others };
    }
    case "pipe":
    case "serial":
    case "parallel": {
      const { device, ...others } = data;
      return { path: device, ...others };
    }
    case "spicevmc": {
      const { type: name, ...others } = data;
      return { name, ...others };
    }
    case "spiceport": {
      const { fqdn, ...others } = data;
      return { name: fqdn, ...others };
    }
    case "qemu-vdagent":
      return { name: "vdagent", ...data };
    default:
      return data;
  }
}

const dataOf = (value: Json | undefined): JsonObject =>
  isJsonObject(value) && isJsonObject(value.data) ? value.data : {};

function endpoint(value: Json | undefined): JsonObject {
  const { host, port } = dataOf(value);
  return { host, port };
}

function address(addr: Json | undefined): JsonObject {
  const { str, ...others } = dataOf(addr);
  return { fd: str, ...others };
}
