/** Names and passwords in the one form in which they are compared (SASLprep, RFC 4013, with today's Unicode tables). */
import { SaslError } from "./mechanism.ts";

/** Longest name or password, in bytes of UTF-8. */
const maxLength = 1024;

const spaces = /[\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000]/gu;
// biome-ignore lint/suspicious/noMisleadingCharacterClass: these are looked for one by one, whatever they join
const nothing = /[\u00AD\u034F\u1806\u180B-\u180D\u200C\u200D\u2060\uFE00-\uFE0F\uFEFF]/gu;
/** Controls, private use, surrogates, what is no character, and what changes how other characters are shown. */
const prohibited =
  /[\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u06DD\u070F\u180E\u200E\u200F\u2028-\u202E\u2061-\u2063\u206A-\u206F\u2FF0-\u2FFB\uFFF9-\uFFFD\u{1D173}-\u{1D17A}\u{E0001}\u{E0020}-\u{E007F}]/u;
const rightToLeft = /[\u0590\u05BE\u05C0\u05C3\u05C6\u05D0-\u07BF\u08A0-\u08C7\uFB1D-\uFDFC\uFE70-\uFEFC]/u;
const leftToRight = /[A-Za-z\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hangul}]/u;

/**
 * The form of `text` that is hashed and compared.
 * @throws SaslError when it is empty, too long, or holds what names and passwords may not
 */
export function saslprep(text: string, what: string): string {
  if (Buffer.byteLength(text) > maxLength) throw new SaslError(`the ${what} is longer than ${maxLength} bytes`);
  if (/^[\x20-\x7e]+$/.test(text)) return text;
  const form = text.replace(spaces, " ").replace(nothing, "").normalize("NFKC");
  if (form === "") throw new SaslError(`the ${what} is empty`);
  if (prohibited.test(form)) throw new SaslError(`the ${what} holds a character that is not allowed`);
  if (rightToLeft.test(form) && !isRightToLeft(form)) {
    throw new SaslError(`the ${what} mixes writing directions`);
  }
  return form;
}

function isRightToLeft(form: string): boolean {
  const characters = [...form];
  return !leftToRight.test(form) && rightToLeft.test(characters[0] ?? "") && rightToLeft.test(characters.at(-1) ?? "");
}
