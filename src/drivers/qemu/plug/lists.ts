/** Devices of definitions, whatever kind they are of. */
import {
  type AnyDevice,
  type Domain as Definition,
  type DeviceKey,
  devicesOfKind,
  devices as devicesShape,
  setDevicesOfKind,
} from "../../../model/domain/index.ts";

/** A device of a definition, and the kind that it is of. */
export interface KnownDevice {
  readonly key: DeviceKey;
  readonly device: AnyDevice;
}

/** Every device of a definition, kind by kind. */
export function knownDevices(definition: Definition): KnownDevice[] {
  const keys = Object.keys(definition.devices).filter((key) => key !== "emulator" && key !== "redirfilter");
  return (keys as DeviceKey[]).flatMap((key) =>
    devicesOfKind(definition, key).map((device): KnownDevice => ({ key, device })),
  );
}

/** A definition that has no devices but these, for work that goes through a definition's devices. */
export function onlyWith(definition: Definition, known: readonly KnownDevice[]): Definition {
  const devices = { ...devicesShape.make({}), emulator: definition.devices.emulator };
  const only = { ...definition, os: { ...definition.os }, devices } as Definition;
  for (const part of ["kernel", "initrd", "dtb", "loader", "nvram"] as const) delete only.os[part];
  for (const key of new Set(known.map((one) => one.key))) {
    setDevicesOfKind(
      only,
      key,
      known.filter((one) => one.key === key).map(({ device }) => device),
    );
  }
  return only;
}

/** Takes a device out of a definition, in place. */
export function removeDevice(definition: Definition, { key, device }: KnownDevice): void {
  setDevicesOfKind(
    definition,
    key,
    devicesOfKind(definition, key).filter((other) => other !== device),
  );
}
