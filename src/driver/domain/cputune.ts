/** Where on the host a guest's threads run, in its definition. */
import type { Cputune, Domain as Definition } from "../../model/domain/index.ts";

const noTuning: Cputune = {
  vcpupins: [],
  iothreadpins: [],
  vcpuscheds: [],
  iothreadscheds: [],
  cachetunes: [],
  memorytunes: [],
};

/** The definition with other tuning of its processors. */
export function withCputune(definition: Definition, change: Partial<Cputune>): Definition {
  return { ...definition, cputune: { ...noTuning, ...definition.cputune, ...change } };
}

/** The definition with a virtual processor on these processors of the host. */
export function withVcpuPin(definition: Definition, vcpu: number, cpuset: readonly number[]): Definition {
  const others = (definition.cputune?.vcpupins ?? []).filter((pin) => pin.vcpu !== vcpu);
  const vcpupins = [...others, { vcpu, cpuset: [...cpuset] }].sort((a, b) => a.vcpu - b.vcpu);
  return withCputune(definition, { vcpupins });
}

/** The definition with an I/O thread on these processors of the host. */
export function withIothreadPin(definition: Definition, iothread: number, cpuset: readonly number[]): Definition {
  const others = (definition.cputune?.iothreadpins ?? []).filter((pin) => pin.iothread !== iothread);
  return withCputune(definition, { iothreadpins: [...others, { iothread, cpuset: [...cpuset] }] });
}
