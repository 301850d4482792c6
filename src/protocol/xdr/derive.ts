/** Writers and readers of values, derived from types. */
import { chars, fixedOpaque, fixedText, opaque, string, text } from "./bytes.ts";
import type { Codec, Decoder, Encoder } from "./codec.ts";
import { array, fixedArray, optional, struct, union } from "./compounds.ts";
import { double, enumeration, hyper, uhyper, words } from "./numbers.ts";
import { smallest } from "./size.ts";
import type { Shape, Type } from "./type.ts";

const codecs = new WeakMap<Type, Codec>();

/** What writes values of a type. */
export function encoderOf<T>(type: Type<T>): Encoder<T> {
  return codecOf(type).write;
}

/** What reads values of a type. */
export function decoderOf<T>(type: Type<T>): Decoder<T> {
  return codecOf(type).read as Decoder<T>;
}

/** Derived when it is first asked for. */
function codecOf(type: Type): Codec {
  let codec = codecs.get(type);
  if (codec === undefined) {
    codec = derive(type.shape);
    codecs.set(type, codec);
  }
  return codec;
}

const nothing: Codec = { write: () => {}, read: () => undefined };

function derive(shape: Shape): Codec {
  switch (shape.kind) {
    case "void":
      return nothing;
    case "hyper":
      return hyper;
    case "uhyper":
      return uhyper;
    case "double":
      return double;
    case "string":
      return string(shape.max);
    case "opaque":
      return opaque(shape.max);
    case "fixedOpaque":
      return fixedOpaque(shape.length);
    case "chars":
      return chars(shape.max);
    case "text":
      return text(shape.max);
    case "fixedText":
      return fixedText(shape.length);
    case "optional":
      return optional(codecOf(shape.of));
    case "array":
      return array(codecOf(shape.of), smallest(shape.of), shape.max);
    case "fixedArray":
      return fixedArray(codecOf(shape.of), smallest(shape.of), shape.length);
    case "struct":
      return struct(Object.fromEntries(Object.entries(shape.fields).map(([name, field]) => [name, codecOf(field)])));
    case "union":
      return union(new Map(Object.entries(shape.arms).map(([type, arm]) => [Number(type), codecOf(arm)])));
    case "enumeration":
      return enumeration(shape.values);
    default:
      return words[shape.kind];
  }
}
