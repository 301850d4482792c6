/** The first page. */
import type { Reference } from "../model/reference.ts";
import type { WrittenPage } from "../sources.ts";
import { html } from "./html.ts";
import type { Page } from "./layout.ts";
import { pathOf } from "./links.ts";
import { codeBlock, commentLine } from "./markdown.ts";

const first = `import { open } from "tsvirt";

await using conn = await open("test:///default");
for (const domain of await conn.listAllDomains()) console.log(domain.name());
`;

export function homePage({ api, classes }: Reference, pages: readonly WrittenPage[]): Page {
  const guides = pages.filter(({ isGuide }) => isGuide);
  const body = html`<h1>tsvirt</h1>
<p>libvirt in TypeScript: one stable API to run and manage virtual machines, with the drivers in your own process, a client for
every libvirtd, a daemon for every libvirt client, and a shell. The same API from Python.</p>
${codeBlock(first, "ts")}<p>The names are libvirt's. Whoever knows a function of C finds it in the <a href="${pathOf.cFunctions}">index of C
functions</a>, or by the search above: press <kbd>/</kbd>, type, choose with <kbd>↓</kbd> and <kbd>Enter</kbd>.</p>
<h2 id="guides">Guides</h2>
<ul>
${guides.map(({ path, title }) => html`<li><a href="${path}">${title}</a></li>\n`)}</ul>
<h2 id="classes">Classes</h2>
<dl class="facts">
${classes.map(({ class: { name, doc } }) => html`<div><dt><a href="${pathOf.class(name)}"><code>${name}</code></a></dt><dd>${commentLine(doc.split(/(?<=\.) /)[0] ?? "")}</dd></div>\n`)}</dl>
<h2 id="reference">Reference</h2>
<ul>
<li><a href="${pathOf.functions}">Functions</a>: opening connections, errors, drivers</li>
<li><a href="${pathOf.events}">Events</a></li>
<li><a href="${pathOf.constants}">Constants</a>, <a href="${pathOf.errors}">error codes and domains</a></li>
<li><a href="${pathOf.types}">Types</a> of TypeScript, <a href="${pathOf.structures}">structures and callbacks of C</a></li>
<li><a href="${pathOf.cFunctions}">C functions</a>: every function of libvirt ${api.libvirt}</li>
</ul>
`;
  return { path: "index.html", title: "tsvirt", body };
}
