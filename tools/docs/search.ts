/** What search finds: names, functions of C, constants, headings. A plain script, since pages are read without a server. */
import type { Reference } from "./model/reference.ts";
import { pathOf } from "./pages/links.ts";
import type { WrittenPage } from "./sources.ts";

/** A thing that is found: what it is called, what it is, and where it stands. */
export type Found = readonly [name: string, kind: string, address: string];

/** Everything that is found. Of things of one name the first is offered first. */
export function foundIn(reference: Reference, pages: readonly WrittenPage[]): Found[] {
  const { api, declarations, classes, functions, unbound } = reference;
  const entries = [...functions, ...classes.flatMap((each) => each.entries)];
  const place = (owner: string | null, name: string) =>
    `${owner === null ? pathOf.functions : pathOf.class(owner)}#${name}`;
  return [
    ...classes.map(({ class: { name } }): Found => [name, "class", pathOf.class(name)]),
    ...pages.flatMap(({ path, title, headings, isGuide }) =>
      headings.map(({ text, id, depth }): Found => {
        const kind = isGuide ? "guide" : "page";
        return depth === 1 ? [text, kind, path] : [text, `${kind}: ${title}`, `${path}#${id}`];
      }),
    ),
    ...entries.map(
      ({ class: owner, name }): Found => [
        owner === null ? name : `${owner}.${name}`,
        owner === null ? "function" : "method",
        place(owner, name),
      ],
    ),
    ...entries.flatMap((entry) =>
      entry.python
        .filter(({ method }) => method !== entry.name)
        .map(
          ({ class: owner, method }): Found => [
            owner === null ? method : `${owner}.${method}`,
            "Python",
            place(entry.class, entry.name),
          ],
        ),
    ),
    ...entries.flatMap((entry) =>
      entry.functions.map(({ name }): Found => [name, "C function", place(entry.class, entry.name)]),
    ),
    ...unbound.map(({ function: { name } }): Found => [name, "C function", `${pathOf.cFunctions}#${name}`]),
    ...declarations.events.map(({ type }): Found => [type, "event", `${pathOf.events}#${type}`]),
    ...declarations.types.map(({ name }): Found => [name, "type", `${pathOf.types}#${name}`]),
    ...api.structures.map(({ name }): Found => [name, "C structure", `${pathOf.structures}#${name}`]),
    ...api.callbacks.map(({ name }): Found => [name, "C callback", `${pathOf.structures}#${name}`]),
    ...api.enums.flatMap(({ name, kind, values }) => {
      if (kind === "wire") return [];
      const page = /^(errors|domains|levels)$/.test(kind) ? pathOf.errors : pathOf.constants;
      const anchor = (each: (typeof values)[number]) => (kind === "errors" ? each.key : each.name);
      const own = values.map((each): Found => [each.name, `constant: ${name}.${each.key}`, `${page}#${anchor(each)}`]);
      return [[name, "constants", `${page}#${name}`] as const, ...own];
    }),
  ];
}

/** The script that the search box reads. */
export function searchScript(found: readonly Found[]): string {
  return `window.tsvirtSearch = [\n${found.map((each) => JSON.stringify(each)).join(",\n")}\n];\n`;
}
