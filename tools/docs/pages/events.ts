/** The page of events: what each tells in TypeScript, and what its callback is given in C and Python. */
import { eventTypes } from "../../../src/api/events/kinds.ts";
import { eventExamples, numberName } from "../examples/events.ts";
import type { DeclaredEvent } from "../model/declarations.ts";
import { Html, html, joined } from "./html.ts";
import type { Page } from "./layout.ts";
import { pathOf } from "./links.ts";
import { anchor, codeBlock, commentLine } from "./markdown.ts";
import type { Context } from "./method.ts";

export function eventsPage(context: Context): Page {
  const { declarations } = context.reference;
  const body = html`<h1>Events</h1>
<p>How to listen is in the guide to <a href="${context.root}guides/events.html">events</a>. Every event has <code>kind</code> (what it
is about), <code>type</code> (which event it is), its object (<code>domain</code>, <code>network</code>, <code>pool</code>,
<code>device</code>, <code>secret</code>), and what is listed with it here.</p>
<ul class="names-list">
${declarations.events.map(({ type }) => html`<li><a href="#${type}"><code>${type}</code></a></li>\n`)}</ul>
${declarations.events.map((event) => eventSection(context, event))}`;
  return { path: pathOf.events, title: "Events", body };
}

function eventSection(context: Context, event: DeclaredEvent): Html {
  const { links, root } = context;
  const { typescript, python } = eventExamples(context.reference, event.type);
  const doc = new Html(links.linkCode(commentLine(event.doc).text, root));
  return html`<section class="method" id="${event.type}" aria-labelledby="${event.type}-title">
<h2 id="${event.type}-title"><code>${event.type}</code> ${new Html(anchor(event.type, event.type))}</h2>
<p>${doc}</p>
${members(context, event)}<dl class="facts">
${facts(context, event)}</dl>
<div class="examples">
<div class="example" data-language="ts"><p>TypeScript</p>
${codeBlock(typescript, "ts")}</div>
${
  python !== null &&
  html`<div class="example" data-language="python"><p>Python</p>
${codeBlock(python, "python")}</div>\n`
}</div>
</section>
`;
}

function members({ links, root }: Context, { members: all }: DeclaredEvent): Html | null {
  if (all.length === 0) return null;
  const rows = all.map(
    ({ name, type }) =>
      html`<tr><th scope="row"><code>${name}</code></th><td><code>${links.type(type.replace(/\s+/g, " "), root)}</code></td></tr>\n`,
  );
  return html`<div class="wide"><table><thead><tr><th scope="col">Field</th><th scope="col">Type</th></tr></thead>
<tbody>${rows}</tbody></table></div>
`;
}

function facts({ reference, links, root }: Context, { type }: DeclaredEvent): Html {
  const { api } = reference;
  const known = eventTypes.find((each) => each.type === type);
  const entry = api.events.find(({ name }) => name === known?.description.name);
  if (!known || !entry) throw new Error(`api.json knows no event ${type}`);
  const number = api.enums
    .flatMap(({ values }) => values)
    .find(({ name }) => name === numberName(entry.family, entry.key));
  const callback = api.callbacks.find(({ name }) => name === entry.callback);
  const parameters =
    callback?.arguments.map(
      (each) => html`${links.type(each.type.endsWith("*") ? each.type : `${each.type} `, root)}${each.name}`,
    ) ?? [];
  return html`<div><dt>Kind</dt><dd><code>${known.kind}</code></dd></div>
${number && html`<div><dt>Number</dt><dd><a href="${root}${pathOf.constants}#${number.name}"><code>${number.name}</code></a> (${number.value})</dd></div>\n`}${callback && html`<div><dt>Callback in C</dt><dd><code><a href="${root}${pathOf.structures}#${callback.name}">${callback.name}</a>(${joined(parameters, ", ")})</code></dd></div>\n`}<div><dt>Since</dt><dd>libvirt ${entry.since}</dd></div>
`;
}
