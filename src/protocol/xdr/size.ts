/** How few bytes a value of a type takes on the wire. */
import type { Type } from "./type.ts";
import { padded } from "./writer.ts";

/** The fewest bytes that a value of a type can take. */
export function smallest(type: Type): number {
  const { shape } = type;
  switch (shape.kind) {
    case "void":
      return 0;
    case "hyper":
    case "uhyper":
    case "double":
      return 8;
    case "fixedOpaque":
      return padded(shape.length);
    case "fixedText":
      return shape.length * 4;
    case "fixedArray":
      return shape.length * smallest(shape.of);
    case "struct":
      return Object.values(shape.fields).reduce((sum, field) => sum + smallest(field), 0);
    case "union":
      return 4 + Math.min(...Object.values(shape.arms).map(smallest));
    default:
      return 4;
  }
}
