/** Markdown as HTML: the guides and the other pages of `docs`, and doc comments. */
import { Marked, type Tokens } from "marked";
import { escaped, Html } from "./html.ts";

export interface Heading {
  readonly depth: number;
  readonly text: string;
  readonly id: string;
}

export interface MarkdownPage {
  readonly title: string;
  readonly html: Html;
  readonly headings: readonly Heading[];
}

/** A page. `addressOf` says where a link of the source leads on the site; null where it leads nowhere. */
export function markdownPage(source: string, addressOf: (href: string) => string | null): MarkdownPage {
  const headings: Heading[] = [];
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }: Tokens.Heading): string {
        const inner = this.parser.parseInline(tokens);
        const text = tokens
          .map(({ raw }) => raw)
          .join("")
          .replace(/[`*]/g, "");
        const id = idOf(text, headings);
        headings.push({ depth, text, id });
        if (depth === 1) return `<h1 id="${id}">${inner}</h1>\n`;
        return `<h${depth} id="${id}">${inner} ${anchor(id, text)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link): string {
        const inner = this.parser.parseInline(tokens);
        const address = addressOf(href);
        return address === null ? inner : `<a href="${escaped(address)}">${inner}</a>`;
      },
      code({ text, lang }: Tokens.Code): string {
        return codeBlock(text, lang ?? "").text;
      },
      table(token: Tokens.Table): string {
        const cell = (each: Tokens.TableCell, tag: string) =>
          `<${tag}>${this.parser.parseInline(each.tokens)}</${tag}>`;
        const head = token.header.map((each) => cell(each, 'th scope="col"').replace(/<\/th .*>$/, "</th>")).join("");
        const rows = token.rows.map((row) => `<tr>${row.map((each) => cell(each, "td")).join("")}</tr>`).join("\n");
        return `<div class="wide"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>${rows}</tbody></table></div>\n`;
      },
    },
  });
  const html = new Html(marked.parse(source, { async: false }));
  const [title] = headings;
  if (title?.depth !== 1) throw new Error(`a page begins with its title, not with '${source.slice(0, 40)}'`);
  return { title: title.text, html, headings };
}

const comments = new Marked({
  renderer: { code: ({ text, lang }: Tokens.Code) => codeBlock(text, lang || "ts").text },
});

/** A doc comment; what it says of C stands elsewhere. */
export function commentHtml(doc: string): Html {
  return new Html(comments.parse(withoutFunctions(doc), { async: false }).trim());
}

/** A doc comment of one line, without a paragraph around it. */
export function commentLine(doc: string): Html {
  return new Html(comments.parseInline(withoutFunctions(doc), { async: false }));
}

const inBrackets = /\s*\((?=[^()]*`vir\w+`)[^()]*(?:since [\d.]+|and its like)[^()]*\)|\s*\(`vir\w+`\)|\s*\(vir\w+\)/g;

function withoutFunctions(doc: string): string {
  return doc.replace(inBrackets, "");
}

/** Source text, in a box that scrolls by itself, also by the keyboard. */
export function codeBlock(text: string, language: string): Html {
  const label = languages[language] ?? "text";
  const lang = language === "" ? "" : ` class="language-${escaped(language)}"`;
  return new Html(
    `<pre tabindex="0" role="region" aria-label="${label}"><code${lang}>${escaped(text.replace(/\n$/, ""))}</code></pre>\n`,
  );
}

const languages: Readonly<Record<string, string>> = {
  ts: "TypeScript",
  python: "Python",
  sh: "Shell",
  c: "C",
  xml: "XML",
};

/** A link to the place where it stands. */
export function anchor(id: string, text: string): string {
  return `<a class="anchor" href="#${id}" aria-label="Link to ${escaped(text)}">#</a>`;
}

function idOf(text: string, known: readonly Heading[]): string {
  const plain =
    text
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .trim()
      .replace(/\s+/g, "-") || "section";
  const same = known.filter(({ id }) => id === plain || id.startsWith(`${plain}-`)).length;
  return same === 0 ? plain : `${plain}-${same}`;
}
