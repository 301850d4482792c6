/** Sound cards. */
import { LibvirtError } from "../../../../errors.ts";
import type { Sound } from "../../../../model/domain/index.ts";
import { addressProps, aliasOf } from "../address.ts";
import { device, option } from "../parts/make-part.ts";
import type { DevicePart, Part } from "../parts/part.ts";
import type { DeviceContext } from "./context.ts";

/** Id of the host's end of sound. */
const audiodevId = (id: number): string => `audio${id}`;

export function soundParts(sound: Sound, context: DeviceContext): Part[] {
  const { domain } = context;
  const audio = sound.audio ?? domain.devices.audios[0]?.id;
  const audiodev = audio === undefined ? undefined : audiodevId(audio);
  if (sound.model === "pcspk") return [speaker(audiodev, context)];
  const { driver, codecs } = cards[sound.model] ?? refuse(sound);
  const id = aliasOf(sound);
  const card = device(driver, { id, audiodev: codecs ? undefined : audiodev, ...addressProps(sound, domain) });
  return codecs ? [card, ...codecParts(sound, id, audiodev)] : [card];
}

interface Card {
  readonly driver: string;
  /** High definition audio: the card is a bus, and codecs on it play and record. */
  readonly codecs?: true;
}

const cards: { readonly [model in Sound["model"]]?: Card } = {
  sb16: { driver: "sb16" },
  es1370: { driver: "ES1370" },
  ac97: { driver: "AC97" },
  usb: { driver: "usb-audio" },
  ich6: { driver: "intel-hda", codecs: true },
  ich9: { driver: "ich9-intel-hda", codecs: true },
};

function refuse({ model }: Sound): never {
  throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", `sound card model '${model}' is not supported in QEMU`);
}

function codecParts({ codecs }: Sound, card: string, audiodev: string | undefined): DevicePart[] {
  const wanted = codecs.length > 0 ? codecs : [{ type: "duplex" }];
  return wanted.map(({ type }, cad) =>
    device(`hda-${type}`, { id: `${card}-codec${cad}`, bus: `${card}.0`, cad, audiodev }),
  );
}

/** The speaker is part of the board: newer emulators connect it there, older ones had an option for it. */
function speaker(audiodev: string | undefined, { capabilities }: DeviceContext): Part {
  if (!capabilities.isAtLeast(7, 1)) return option("-soundhw", "pcspk");
  return option("-machine", `pcspk-audiodev=${audiodev ?? ""}`);
}
