/** `-audiodev`: where the host takes and puts the guest's sound. */
import type { Audio, AudioBackend, Domain } from "../../../../model/domain/index.ts";
import { type JsonObject, stringifyJson } from "../../monitor/json.ts";
import type { Guest } from "../context.ts";
import { clean, option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";

const audioId = (id: number): string => `audio${id}`;

/** Id of the audio that a device or a screen uses: the one it names, or the guest's first. */
export function audioOf({ devices: { audios } }: Domain, id?: number): string | undefined {
  const audio = id === undefined || id === 0 ? audios[0] : audios.find((one) => one.id === id);
  return audio === undefined ? undefined : audioId(audio.id);
}

export function audioParts({ domain }: Guest): Part[] {
  return domain.devices.audios.map((audio) => option("-audiodev", stringifyJson(audioProps(audio))));
}

const drivers: { readonly [type in AudioBackend["type"]]?: string } = { pulseaudio: "pa", file: "wav" };

function audioProps({ id, backend }: Audio): JsonObject {
  const { type, timerPeriod, input, output } = backend;
  return clean({
    id: audioId(id),
    driver: drivers[type] ?? type,
    "timer-period": timerPeriod,
    ...ownProps(backend),
    in: directionProps(input),
    out: directionProps(output),
  });
}

/** What only one kind of audio knows. */
function ownProps(backend: AudioBackend): JsonObject {
  switch (backend.type) {
    case "oss":
      return { "try-mmap": backend.tryMMap, exclusive: backend.exclusive, "dsp-policy": backend.dspPolicy };
    case "pulseaudio":
      return { server: backend.serverName };
    case "file":
      return { path: backend.path };
    default:
      return {};
  }
}

type Direction = Partial<Record<string, unknown>> & NonNullable<AudioBackend["input"]>;

/** QEMU's names of the properties of a direction that are its own in each kind of audio. */
const directionNames: Readonly<Record<string, string>> = {
  dev: "dev",
  bufferCount: "buffer-count",
  serverName: "server-name",
  clientName: "client-name",
  connectPorts: "connect-ports",
  exactName: "exact-name",
  tryPoll: "try-poll",
  name: "name",
  streamName: "stream-name",
  latency: "latency",
};

function directionProps(direction: AudioBackend["input"]): JsonObject | undefined {
  if (direction === undefined) return undefined;
  const { mixingEngine, fixedSettings, voices, bufferLength, settings } = direction;
  const own: Record<string, string | number | boolean> = {};
  for (const [key, name] of Object.entries(directionNames)) {
    const value = (direction as Direction)[key];
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") own[name] = value;
  }
  const props = clean({
    "mixing-engine": mixingEngine,
    "fixed-settings": fixedSettings,
    voices,
    "buffer-length": bufferLength,
    frequency: settings?.frequency,
    channels: settings?.channels,
    format: settings?.format,
    ...own,
  });
  return Object.keys(props).length === 0 ? undefined : props;
}

/** SDL chooses by its environment how it plays; so it does where the definition leaves it to the host. */
export function audioEnvironment({ domain, environment }: Guest): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { backend } of domain.devices.audios) {
    if (backend.type !== "sdl") continue;
    const driver = backend.driver ?? environment.SDL_AUDIODRIVER;
    if (driver !== undefined) env.SDL_AUDIODRIVER = driver;
  }
  return env;
}
