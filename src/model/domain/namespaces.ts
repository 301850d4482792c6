/** Elements of one hypervisor's own namespace, kept in the definition for that driver. */
import { attr, child, fields, type Infer, leaf, many, oneOf, type Shape, text } from "../../xml/index.ts";

/** The prefixes libvirt prints them with. */
export const domainNamespaces = {
  qemu: "http://libvirt.org/schemas/domain/qemu/1.0",
  lxc: "http://libvirt.org/schemas/domain/lxc/1.0",
  bhyve: "http://libvirt.org/schemas/domain/bhyve/1.0",
  xen: "http://libvirt.org/schemas/domain/xen/1.0",
  vmware: "http://libvirt.org/schemas/domain/vmware/1.0",
} as const;

const value = attr(text).required();
const argument = { value };
const capability = { capability: attr(text).required() };

const overrideShape = fields({
  devices: many({
    alias: attr(text).required(),
    frontend: child({
      properties: many({
        name: attr(text).required(),
        type: attr(oneOf("string", "signed", "unsigned", "bool", "remove")).required(),
        value: attr(text),
      }).named("qemu:property"),
    }).named("qemu:frontend"),
  }).named("qemu:device"),
});
/** Properties that change, or leave out, what libvirt gives a device on QEMU's command line. */
export interface QemuOverride extends Infer<typeof overrideShape> {}
const override: Shape<QemuOverride> = overrideShape;

const sharedNamespace = (...types: readonly [string, ...string[]]) =>
  child({ type: attr(oneOf(...types)).required(), value });

/** Keys of the domain, in the order in which they are printed. */
export const namespaced = {
  /** Words added to QEMU's command line as they are, and variables of its environment. */
  qemuCommandline: child({
    args: many(argument).named("qemu:arg"),
    envs: many({ name: attr(text).required(), value: attr(text) }).named("qemu:env"),
  }).named("qemu:commandline"),
  /** Capabilities that QEMU shall be taken to have, or not to have. */
  qemuCapabilities: child({
    adds: many(capability).named("qemu:add"),
    dels: many(capability).named("qemu:del"),
  }).named("qemu:capabilities"),
  qemuOverride: child(override).named("qemu:override"),
  /** What QEMU does when it is told something deprecated. */
  qemuDeprecation: child({ behavior: attr(oneOf("none", "omit", "reject", "crash")).required() }).named(
    "qemu:deprecation",
  ),
  /** Namespaces of the kernel that a container shares with others. */
  lxcNamespace: child({
    sharenet: sharedNamespace("netns", "name", "pid").named("lxc:sharenet"),
    shareipc: sharedNamespace("name", "pid").named("lxc:shareipc"),
    shareuts: sharedNamespace("name", "pid").named("lxc:shareuts"),
  }).named("lxc:namespace"),
  bhyveCommandline: child({ args: many(argument).named("bhyve:arg") }).named("bhyve:commandline"),
  xenCommandline: child({ args: many(argument).named("xen:arg") }).named("xen:commandline"),
  vmwareDatacenterPath: leaf(text).named("vmware:datacenterpath"),
};
