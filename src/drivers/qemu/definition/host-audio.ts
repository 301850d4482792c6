/** How the host plays sound where the definition leaves it open: QEMU once took that from its environment. */
import type { Audio } from "../../../model/domain/index.ts";

type Backend = Audio["backend"];
type BackendType = Backend["type"];

/** QEMU's names of its audio drivers, as far as libvirt's differ. */
const renamed: { readonly [driver: string]: BackendType } = { pa: "pulseaudio", wav: "file" };
const known: ReadonlySet<string> = new Set(["none", "alsa", "coreaudio", "jack", "oss", "sdl", "spice", "dbus"]);

/** The back end that QEMU_AUDIO_DRV names; undefined when it names none that is known. */
export function audioFromEnvironment(environment: Readonly<Record<string, string | undefined>>): Backend | undefined {
  const driver = environment.QEMU_AUDIO_DRV ?? "";
  const type = renamed[driver] ?? (known.has(driver) ? (driver as BackendType) : undefined);
  if (type === undefined) return undefined;
  if (type === "sdl") return sdl(environment.SDL_AUDIODRIVER);
  return { type } as Backend;
}

function sdl(name: string | undefined): Extract<Backend, { type: "sdl" }> {
  const driver = sdlDrivers.find((one) => one === name);
  return driver === undefined ? { type: "sdl" } : { type: "sdl", driver };
}

const sdlDrivers = ["esd", "alsa", "arts", "pulseaudio"] as const;
