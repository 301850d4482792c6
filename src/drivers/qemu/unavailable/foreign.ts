/** Words of the domain document that are for other hypervisors, and would mean nothing here. */
import type { Domain } from "../../../model/domain/index.ts";
import { refuseWishes } from "./refuse.ts";

export function refuseForeign({ os, features, idmap, bootloader_args, resource, devices }: Domain): void {
  const container = (what: string) => `${what} is for containers, which QEMU does not run`;
  const xen = (what: string) => `${what} is not supported by QEMU, it is for Xen guests`;
  refuseWishes([
    [os.init, container("<init>")],
    [os.initargs, container("<initarg>")],
    [os.initenvs, container("<initenv>")],
    [os.initdir, container("<initdir>")],
    [os.inituser, container("<inituser>")],
    [os.initgroup, container("<initgroup>")],
    [os.root, "<root> in <os> is not supported by QEMU: name the root device in <cmdline>"],
    [bootloader_args, xen("<bootloader_args>")],
    [idmap, container("<idmap>")],
    [features?.privnet, container("the feature 'privnet'")],
    [features?.capabilities, container("the feature 'capabilities'")],
    [features?.viridian, xen("the feature 'viridian'")],
    [features?.hap?.state, xen("the feature 'hap'")],
    [features?.xen, xen("the feature 'xen'")],
    [
      features?.msrs,
      "the feature 'msrs' is not supported by QEMU: set the option ignore_msrs of the kernel's module kvm",
    ],
    [
      resource?.partition,
      `resource partition '${resource?.partition}' is not available: guests are in no control group`,
    ],
    [resource?.fibrechannel, "a fibre channel appid is not available: guests are in no control group"],
    [devices.leases, "a lease needs a lock manager, and there is none"],
  ]);
}
