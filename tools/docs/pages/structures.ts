/** The pages of types: those of TypeScript, and the structures and callbacks of C. */
import type { CallbackEntry, StructureEntry } from "../../api/document.ts";
import type { DeclaredType } from "../model/declarations.ts";
import { Html, html, joined } from "./html.ts";
import type { Page } from "./layout.ts";
import { pathOf } from "./links.ts";
import { anchor, commentHtml, commentLine } from "./markdown.ts";
import type { Context } from "./method.ts";

export function typesPage(context: Context): Page {
  const { types } = context.reference.declarations;
  const body = html`<h1>Types</h1>
<p>What methods take and give, beside objects and <a href="${context.root}${pathOf.constants}">constants</a>, in TypeScript.</p>
${list(types)}${types.map((type) => typeSection(context, type))}`;
  return { path: pathOf.types, title: "Types", body };
}

export function structuresPage(context: Context): Page {
  const { structures, callbacks } = context.reference.api;
  const body = html`<h1>Structures and callbacks of C</h1>
<p>For who comes from C: the public structures with the units of their fields, and the types of functions that programs hand in.
TypeScript has <a href="${context.root}${pathOf.types}">types</a> of its own in their place, Python lists, tuples and dicts.</p>
<h2 id="structures">Structures</h2>
${list(structures)}${structures.map((each) => structureSection(context, each))}<h2 id="callbacks">Callbacks</h2>
${list(callbacks)}${callbacks.map((each) => callbackSection(context, each))}`;
  return { path: pathOf.structures, title: "Structures of C", body };
}

function list(named: readonly { readonly name: string }[]): Html {
  return html`<ul class="names-list">
${named.map(({ name }) => html`<li><a href="#${name}"><code>${name}</code></a></li>\n`)}</ul>
`;
}

function typeSection({ links, root }: Context, { name, doc, alias, members }: DeclaredType): Html {
  const said = new Html(links.linkCode(commentHtml(doc).text, root));
  const rows = members.map((each) => {
    const meaning = new Html(links.linkCode(commentLine(each.doc).text, root));
    return html`<tr><th scope="row"><code>${each.name}${each.isOptional ? "?" : ""}</code></th><td><code>${links.type(each.type.replace(/\s+/g, " "), root)}</code></td><td>${meaning}</td></tr>
`;
  });
  return html`<section class="group" id="${name}" aria-labelledby="${name}-title">
<h2 id="${name}-title"><code>${name}</code> ${new Html(anchor(name, name))}</h2>
${said}
${alias !== null && html`<pre class="signature" tabindex="0" role="region" aria-label="Definition"><code>type <b>${name}</b> = ${links.type(alias, root)}</code></pre>\n`}${
  rows.length > 0 &&
  html`<div class="wide"><table><thead><tr><th scope="col">Member</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows}</tbody></table></div>\n`
}</section>
`;
}

function structureSection({ links, root }: Context, { name, module, since, fields }: StructureEntry): Html {
  const rows = fields.map(
    (field) =>
      html`<tr><th scope="row"><code>${field.name}</code></th><td><code>${links.type(field.type, root)}</code></td><td>${field.unit}</td></tr>\n`,
  );
  return html`<section class="group" id="${name}" aria-labelledby="${name}-title">
<h3 id="${name}-title"><code>${name}</code> ${new Html(anchor(name, name))}</h3>
<p><small>${module}, since libvirt ${since}</small></p>
<div class="wide"><table><thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Unit</th></tr></thead>
<tbody>${rows}</tbody></table></div>
</section>
`;
}

function callbackSection({ links, root }: Context, { name, since, returns, arguments: all }: CallbackEntry): Html {
  const parameters = all.map(
    (each) => html`${links.type(each.type.endsWith("*") ? each.type : `${each.type} `, root)}${each.name}`,
  );
  const text = html`${returns} (*<b>${name}</b>)(${joined(parameters, ", ")})`;
  return html`<section class="group" id="${name}" aria-labelledby="${name}-title">
<h3 id="${name}-title"><code>${name}</code> ${new Html(anchor(name, name))}</h3>
<pre class="signature" tabindex="0" role="region" aria-label="Declaration"><code>${text}</code></pre>
<p><small>Since libvirt ${since}</small></p>
</section>
`;
}
