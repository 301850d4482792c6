/** The plainest value of a described type: for calls whose arguments do not matter. */
import type { Type } from "../../src/protocol/xdr/index.ts";

export function plainValue({ shape }: Type): unknown {
  switch (shape.kind) {
    case "void":
      return undefined;
    case "hyper":
    case "uhyper":
      return 0n;
    case "bool":
      return false;
    case "string":
    case "text":
    case "fixedText":
      return "x";
    case "opaque":
    case "chars":
      return new Uint8Array(0);
    case "fixedOpaque":
      return new Uint8Array(shape.length);
    case "optional":
      return null;
    case "array":
      return [];
    case "fixedArray":
      return Array.from({ length: shape.length }, () => plainValue(shape.of));
    case "struct":
      return Object.fromEntries(Object.entries(shape.fields).map(([name, field]) => [name, plainValue(field)]));
    case "union": {
      const [[type, arm] = []] = Object.entries(shape.arms);
      if (arm === undefined) throw new Error("a union without arms");
      return { type: Number(type), value: plainValue(arm) };
    }
    case "enumeration":
      return Object.values(shape.values)[0];
    default:
      return 0;
  }
}
