import type { AclRule } from "../acl.ts";
import type { AnyEvent } from "../event.ts";
import { messageHeader, remoteError, streamHole } from "../message.ts";
import type { AnyProcedure, ReadOnlyRule } from "../procedure.ts";
import { KeepaliveProcedure, programs } from "../programs.ts";
import { events, procedures } from "../table.ts";
import type { Shape, Type } from "../xdr/index.ts";

/** A type in short, near to how XDR writes it: `{name: string<4194304>, uuid: opaque[16], id: int}`. */
export function dumpType({ shape }: Type): string {
  switch (shape.kind) {
    case "string":
    case "opaque":
    case "chars":
    case "text":
      return `${shape.kind}<${shape.max}>`;
    case "fixedOpaque":
      return `opaque[${shape.length}]`;
    case "fixedText":
      return `text[${shape.length}]`;
    case "optional":
      return `${dumpType(shape.of)}?`;
    case "array":
      return `${dumpType(shape.of)}<${shape.max}>`;
    case "fixedArray":
      return `${dumpType(shape.of)}[${shape.length}]`;
    case "struct":
    case "union":
    case "enumeration":
      return dumpMembers(shape);
    default:
      return shape.kind;
  }
}

function dumpMembers(shape: Extract<Shape, { kind: "struct" | "union" | "enumeration" }>): string {
  switch (shape.kind) {
    case "struct":
      return `{${join(shape.fields, ": ", dumpType)}}`;
    case "union":
      return `union{${join(shape.arms, ": ", dumpType)}}`;
    case "enumeration":
      return `enum{${join(shape.values, " = ", String)}}`;
  }
}

function join<T>(members: Readonly<Record<string, T>>, separator: string, dump: (member: T) => string): string {
  return Object.entries(members)
    .map(([name, member]) => `${name}${separator}${dump(member)}`)
    .join(", ");
}

/** One line of the description of the API: what it says of, and what it says. Values are compared as they are. */
export type DumpLine = readonly [key: string, value: string];

/** The whole description, one line for each fact that clients, servers or programs written for us rely on. */
export function dumpProtocol(): readonly DumpLine[] {
  return [
    ...programs.map(
      ({ name, number, version }): DumpLine => [`program ${name}`, `0x${number.toString(16)} ${version}`],
    ),
    ...Object.values(procedures).flatMap(dumpProcedure),
    ...Object.values(events).flatMap(dumpEvent),
    ...Object.entries(KeepaliveProcedure).map(([name, number]): DumpLine => [`keepalive ${name}`, String(number)]),
    ["message header", dumpType(messageHeader)],
    ["message error", dumpType(remoteError)],
    ["message hole", dumpType(streamHole)],
  ];
}

function dumpProcedure(procedure: AnyProcedure): DumpLine[] {
  const { program, number, family, cFunction, since, priority, phase, descriptors, stream } = procedure;
  const facts = [
    `${program.name} ${number}`,
    `family ${family}`,
    `function ${cFunction}`,
    `since ${since}`,
    `priority ${priority}`,
    `phase ${phase}`,
    `read-only ${dumpReadOnly(procedure.readOnly)}`,
    `descriptors ${descriptors}`,
    stream === null
      ? "no stream"
      : `stream ${stream.direction} at ${stream.argument}, sparse flag ${stream.sparseFlag ?? 0}`,
  ];
  return [
    [`procedure ${procedure.name}`, facts.join("; ")],
    [`arguments ${procedure.name}`, dumpType(procedure.args)],
    [`result ${procedure.name}`, dumpType(procedure.result)],
    [
      `acl ${procedure.name}`,
      [...procedure.acl.map(dumpAcl), ...procedure.aclFilter.map((p) => `each ${p}`)].join("; "),
    ],
  ];
}

function dumpReadOnly(rule: ReadOnlyRule): string {
  if (typeof rule === "string") return rule;
  return "has" in rule ? `denied if ${rule.deniedIf} & ${rule.has}` : `denied if ${rule.deniedIf} = ${rule.is}`;
}

function dumpAcl(rule: AclRule): string {
  if (typeof rule === "string") return rule;
  if ("ifAnyFlag" in rule) return `${rule.permission} if flags & ${rule.ifAnyFlag}`;
  if ("ifNoFlag" in rule) return `${rule.permission} unless flags & ${rule.ifNoFlag}`;
  return `${rule.permission} if ${rule.ifArgument} & ${rule.has}`;
}

function dumpEvent(event: AnyEvent): DumpLine[] {
  const { program, number, family, since, eventID } = event;
  return [
    [`event ${event.name}`, `${program.name} ${number}; family ${family}; since ${since}; event ${eventID ?? "none"}`],
    [`message ${event.name}`, dumpType(event.message)],
  ];
}
