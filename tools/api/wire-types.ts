/** Types of the wire as the document writes them. */
import { adminClient, adminServer } from "../../src/protocol/admin.ts";
import { messageHeader, remoteError, streamHole } from "../../src/protocol/message.ts";
import * as shared from "../../src/protocol/shapes.ts";
import type { Type } from "../../src/protocol/xdr/index.ts";
import type { WireField, WireType } from "./document.ts";

const isType = (value: unknown): value is Type => typeof value === "object" && value !== null && "shape" in value;

/** Shapes that have a name, by their types. */
const names = new Map<Type, string>([
  ...Object.entries(shared).flatMap(([name, value]): [Type, string][] =>
    isType(value) && value.shape.kind === "struct" ? [[value, name]] : [],
  ),
  [adminServer, "adminServer"],
  [adminClient, "adminClient"],
  [messageHeader, "messageHeader"],
  [remoteError, "remoteError"],
  [streamHole, "streamHole"],
]);

/** The shapes that have names. */
export function namedShapes(): { name: string; fields: readonly WireField[] }[] {
  return [...names].map(([type, name]) => ({ name, fields: fieldsOf(type) }));
}

/** The fields of a structure; none of what is nothing. */
export function fieldsOf({ shape }: Type): WireField[] {
  if (shape.kind !== "struct") return [];
  return Object.entries(shape.fields).map(([name, type]) => ({ name, type: wireType(type) }));
}

/** A type as the document writes it. */
export function wireType(type: Type): WireType {
  const name = names.get(type);
  return name === undefined ? spelled(type) : { kind: "shape", name };
}

function spelled(type: Type): WireType {
  const { shape } = type;
  switch (shape.kind) {
    case "string":
    case "opaque":
    case "chars":
    case "text":
      return { kind: shape.kind, max: shape.max };
    case "fixedOpaque":
    case "fixedText":
      return { kind: shape.kind, length: shape.length };
    case "optional":
      return { kind: "optional", of: wireType(shape.of) };
    case "array":
      return { kind: "array", of: wireType(shape.of), max: shape.max };
    case "fixedArray":
      return { kind: "fixedArray", of: wireType(shape.of), length: shape.length };
    case "struct":
      return { kind: "struct", fields: fieldsOf(type) };
    case "union":
      return {
        kind: "union",
        arms: Object.entries(shape.arms).map(([arm, of]) => ({ type: Number(arm), of: wireType(of) })),
      };
    case "enumeration":
      return { kind: "enumeration", values: Object.entries(shape.values).map(([key, value]) => ({ key, value })) };
    default:
      return { kind: shape.kind };
  }
}
