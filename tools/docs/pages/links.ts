/** Where everything with a name is explained, and text with its names linked there. */
import type { Reference } from "../model/reference.ts";
import { escaped, Html, html } from "./html.ts";

export const pathOf = {
  class: (name: string) => `classes/${name}.html`,
  functions: "reference/functions.html",
  events: "reference/events.html",
  constants: "reference/constants.html",
  errors: "reference/errors.html",
  types: "reference/types.html",
  structures: "reference/structures.html",
  cFunctions: "reference/c-functions.html",
} as const;

/** The links of a site: names, and the addresses from the site's root. */
export class Links {
  readonly #types = new Map<string, string>();
  readonly #words = new Map<string, string>();

  constructor({ api, declarations, classes, functions }: Reference) {
    for (const { name } of declarations.types) this.#types.set(name, `${pathOf.types}#${name}`);
    for (const { class: each } of classes) {
      this.#types.set(each.name, pathOf.class(each.name));
      this.#types.set(each.type, pathOf.class(each.name));
    }
    for (const { name, kind, type } of api.enums) {
      const page = /^(errors|domains|levels)$/.test(kind) ? pathOf.errors : pathOf.constants;
      this.#types.set(name, `${page}#${name}`);
      if (type !== null && !this.#types.has(type)) this.#types.set(type, `${page}#${name}`);
    }
    for (const { name } of api.structures) {
      this.#types.set(name, `${pathOf.structures}#${name}`);
      this.#types.set(`${name}Ptr`, `${pathOf.structures}#${name}`);
    }
    for (const { name } of api.callbacks) this.#types.set(name, `${pathOf.structures}#${name}`);
    for (const { name } of functions) this.#words.set(name, `${pathOf.functions}#${name}`);
    for (const each of api.functions) {
      const page =
        each.method === null ? pathOf.cFunctions : each.class === null ? pathOf.functions : pathOf.class(each.class);
      this.#words.set(each.name, `${page}#${each.method ?? each.name}`);
    }
    const errors = api.enums.find(({ kind }) => kind === "errors");
    for (const { key } of errors?.values ?? []) this.#words.set(key, `${pathOf.errors}#${key}`);
  }

  /** The address of a name; undefined for a name that is explained nowhere. */
  of(name: string): string | undefined {
    return this.#types.get(name) ?? this.#words.get(name);
  }

  /** A type, each name in it a link. */
  type(text: string, root: string): Html {
    return new Html(
      escaped(text).replace(/\b[A-Z]\w+|\bvir\w+/gi, (name) => this.#linked(name, this.#types.get(name), root)),
    );
  }

  /** A name as code, a link where there is one. */
  code(name: string, root: string): Html {
    return html`<code>${new Html(this.#linked(escaped(name), this.of(name), root))}</code>`;
  }

  /** HTML in which code that is a name, and capitals that are an error's, become links; but for blocks of code and links. */
  linkCode(text: string, root: string): string {
    const parts = text.split(/(<pre[\s\S]*?<\/pre>|<a [\s\S]*?<\/a>|<h\d[\s\S]*?<\/h\d>)/);
    return parts.map((part, at) => (at % 2 === 1 ? part : this.#linkText(part, root))).join("");
  }

  #linkText(text: string, root: string): string {
    const coded = text.replace(/<code>([\w.]+)<\/code>/g, (all, name: string) =>
      this.#linked(all, this.#wordAddress(name), root),
    );
    return coded.replace(/(?<![\w">#/])[A-Z]+_[A-Z_]+(?![\w<])/g, (name) =>
      this.#linked(name, this.#words.get(name), root),
    );
  }

  /** Words of code: those of one small letter mean too many things. */
  #wordAddress(name: string): string | undefined {
    return /^[A-Z]|^vir[A-Z]/.test(name) ? this.of(name) : undefined;
  }

  #linked(shown: string, address: string | undefined, root: string): string {
    return address === undefined ? shown : `<a href="${root}${address}">${shown}</a>`;
  }
}
