/** `<audio>`: where the host takes and puts the guest's sound. */
import {
  attr,
  child,
  fields,
  type Infer,
  inline,
  int,
  oneOf,
  type Shape,
  text,
  uint,
  variants,
  yesNo,
} from "../../xml/index.ts";

/** Microseconds. */
const timerPeriod = attr(uint());
const sampleFormat = oneOf("s8", "u8", "s16", "u16", "s32", "u32", "f32");
const settings = child({ frequency: attr(uint()), channels: attr(uint()), format: attr(sampleFormat) });
const direction = {
  mixingEngine: attr(yesNo),
  fixedSettings: attr(yesNo),
  voices: attr(uint()),
  /** Microseconds. */
  bufferLength: attr(uint()),
};
const bufferCount = attr(uint());

const plain = child({ ...direction, settings });
const alsa = child({ ...direction, dev: attr(text), settings });
const coreaudio = child({ ...direction, bufferCount, settings });
const jack = child({
  ...direction,
  serverName: attr(text),
  clientName: attr(text),
  connectPorts: attr(text),
  exactName: attr(yesNo),
  settings,
});
const oss = child({ ...direction, dev: attr(text), bufferCount, tryPoll: attr(yesNo), settings });
const pulseaudio = child({
  ...direction,
  name: attr(text),
  streamName: attr(text),
  /** Microseconds. */
  latency: attr(uint()),
  settings,
});
const sdl = child({ ...direction, bufferCount, settings });

/** How the host plays and records: narrow on `backend.type`. */
const backend = variants("type", {
  none: { timerPeriod, input: plain, output: plain },
  alsa: { timerPeriod, input: alsa, output: alsa },
  coreaudio: { timerPeriod, input: coreaudio, output: coreaudio },
  jack: { timerPeriod, input: jack, output: jack },
  oss: {
    timerPeriod,
    tryMMap: attr(yesNo),
    exclusive: attr(yesNo),
    dspPolicy: attr(int),
    input: oss,
    output: oss,
  },
  pulseaudio: { timerPeriod, serverName: attr(text), input: pulseaudio, output: pulseaudio },
  sdl: { timerPeriod, driver: attr(oneOf("esd", "alsa", "arts", "pulseaudio")), input: sdl, output: sdl },
  spice: { timerPeriod, input: plain, output: plain },
  file: { timerPeriod, path: attr(text), input: plain, output: plain },
  dbus: { timerPeriod, input: plain, output: plain },
});
export type AudioBackend = Infer<typeof backend>;
export type AudioType = AudioBackend["type"];

const audioShape = fields({
  id: attr(uint()).required(),
  backend: inline(backend).required().inPlace(),
});
export interface Audio extends Infer<typeof audioShape> {}
export const audio: Shape<Audio> = audioShape;
