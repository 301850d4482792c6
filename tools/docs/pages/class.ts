/** The pages of classes, and the page of the functions that belong to none. */
import type { ClassReference, Entry } from "../model/reference.ts";
import { Html, html } from "./html.ts";
import type { Page } from "./layout.ts";
import { pathOf } from "./links.ts";
import { commentHtml, commentLine } from "./markdown.ts";
import { type Context, methodSection } from "./method.ts";

export function classPage(context: Context, { class: { name, type, doc }, entries }: ClassReference): Page {
  const groups = groupsOf(name, entries);
  const python = entries.flatMap((entry) => entry.python)[0]?.class;
  const said = new Html(context.links.linkCode(commentHtml(doc).text, context.root));
  const body = html`<h1><code>${name}</code></h1>
${said}
<p class="names">In C <code>${type}</code>, in Python ${python ? html`<code>${python}</code>` : "not there"}. ${entries.length} methods.
Every method takes <a href="${context.root}${pathOf.types}#CallOptions"><code>{ signal, timeout }</code></a> last where its signature has <code>options</code>.</p>
${overview(groups)}${groups.map(
  ({ id, title, doc: text, entries: own }) => html`<h2 id="${id}">${title}</h2>
${text !== "" && html`<p>${commentLine(text)}</p>\n`}${own.map((entry) => methodSection(context, entry))}`,
)}`;
  return { path: pathOf.class(name), title: name, body };
}

export function functionsPage(context: Context): Page {
  const { functions } = context.reference;
  const sections = functions.map((entry) => methodSection(context, entry));
  const body = html`<h1>Functions</h1>
<p>What belongs to no class: opening connections, errors, drivers.</p>
${list(functions)}${sections}`;
  return { path: pathOf.functions, title: "Functions", body };
}

interface Group {
  readonly id: string;
  readonly title: string;
  readonly doc: string;
  readonly entries: Entry[];
}

/** Methods by subject: the classes that a class is made of say which. */
function groupsOf(name: string, entries: readonly Entry[]): Group[] {
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    const { part } = entry.declared;
    const title = titleOf(name, part?.name ?? name);
    const doc = title === "Methods" || title === "The object itself" ? "" : (part?.doc ?? "");
    const group = groups.get(title) ?? {
      id: `part-${title.toLowerCase().replace(/\W+/g, "-")}`,
      title,
      doc,
      entries: [],
    };
    groups.set(title, group);
    group.entries.push(entry);
  }
  return [...groups.values()].map((group) => ({
    ...group,
    doc: group.doc.replace(/^The part of (\{@link )?\w+\}? /, "The part "),
  }));
}

function titleOf(name: string, part: string): string {
  if (part === name) return "Methods";
  const own = part.startsWith(name) ? part.slice(name.length) : "";
  if (own === "" || own === "Core") return "The object itself";
  return own.replace(/(?<=[a-z])(?=[A-Z])/g, " ").replace(/^\w/, (first) => first.toUpperCase());
}

function overview(groups: readonly Group[]): Html {
  if (groups.length === 1) return list(groups[0]?.entries ?? []);
  return html`<div class="overview">
${groups.map(
  ({ id, title, entries }) => html`<section aria-label="${title}"><h2><a href="#${id}">${title}</a></h2>
${list(entries)}</section>
`,
)}</div>
`;
}

function list(entries: readonly Entry[]): Html {
  return html`<ul class="names-list">
${entries.map(({ name }) => html`<li><a href="#${name}"><code>${name}</code></a></li>\n`)}</ul>
`;
}
