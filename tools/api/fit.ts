/** Which types of C and of the wire fit each other. */
import type { Type } from "../../src/protocol/xdr/index.ts";

const objects =
  /^vir(Adm)?(Connect|Domain|Network|NetworkPort|Interface|StoragePool|StorageVol|NodeDevice|Secret|NWFilter|NWFilterBinding|DomainSnapshot|DomainCheckpoint|Server|Client)Ptr$/;
const integer = /^(unsigned )?(int|long|long long|char|short)$|^size_t$/;
const integerPointer = /^(unsigned )?(int|long|long long) \*$/;
const arrays = /^(const char \*\*|virTypedParameterPtr|unsigned int \*|unsigned long long \*|virDomainPtr \*)$/;
const whole = new Set(["string", "struct", "array", "opaque", "text", "union"]);

/** Whether a type of C is an object: a domain, a connection. */
export const isObject = (type: string): boolean => objects.test(type);

/** Whether a type of C, or what it points to, is an integer. */
export const isInteger = (type: string): boolean => integer.test(type.replace(/ \*$/, ""));

/** Whether an argument that C hands in can fill a field. */
export function fills(type: string, { shape }: Type): boolean {
  if (shape.kind === "optional") return fills(type, shape.of);
  // A device of the host travels as its name alone.
  if (isObject(type)) return shape.kind === "struct" || (shape.kind === "string" && type === "virNodeDevicePtr");
  switch (shape.kind) {
    case "string":
      return type === "const char *";
    case "fixedOpaque":
      return type === "const unsigned char *" || type === "const char *"; // a UUID, as bytes or as text
    case "opaque":
      return /^(const )?unsigned char \*$|^const char \*$/.test(type);
    case "array":
      return arrays.test(type);
    case "struct":
    case "union":
    case "text":
      return false;
    default:
      return integer.test(type);
  }
}

/** Whether an argument that C is filled through can take a field. */
export function takes(type: string, { shape }: Type): boolean {
  if (shape.kind === "optional") return takes(type, shape.of);
  if (isObject(type)) return false;
  switch (shape.kind) {
    case "string":
      return type === "char **";
    case "opaque":
      return /^(unsigned char \*\*?|void \*|char \*)$/.test(type);
    case "array":
      return /\*|Ptr$/.test(type) && !/^const /.test(type);
    case "struct":
    case "text":
      return false;
    default:
      return integerPointer.test(type);
  }
}

/** Whether a function of this type can return a field. */
export function returned(type: string, { shape }: Type): boolean {
  if (shape.kind === "optional") return returned(type, shape.of);
  if (isObject(type)) return shape.kind === "struct";
  if (/char \*$/.test(type)) return shape.kind === "string" || shape.kind === "opaque";
  return integer.test(type) && !whole.has(shape.kind);
}

/** Whether an argument of C takes a whole result, as the fields of a structure. */
export function isStructure(type: string): boolean {
  return /(Info|Stats|Model|Label)Ptr$/.test(type) && !/^virNode(CPU|Memory)StatsPtr$/.test(type);
}
