// The search box and the menu. A plain script, since browsers load no modules and no data from file:// pages.
(() => {
  const { body, documentElement } = document;
  const root = body.dataset.root ?? "";
  const limit = 40;
  documentElement.classList.add("js");

  const menu = document.getElementById("menu");
  const navigation = document.getElementById("navigation");
  menu.hidden = false;
  menu.addEventListener("click", () => {
    const open = navigation.classList.toggle("open");
    menu.setAttribute("aria-expanded", String(open));
    if (open) navigation.querySelector("a, summary")?.focus();
  });

  const search = document.getElementById("search");
  const query = document.getElementById("query");
  const results = document.getElementById("results");
  search.hidden = false;
  let chosen = -1;
  let loading = null;

  // The index is read when somebody is about to search: a page that is only read stays light.
  function load() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${root}assets/search-index.js`;
      script.addEventListener("load", () => resolve(window.tsvirtSearch.map(prepared)));
      script.addEventListener("error", () => reject(new Error(`${script.src} could not be read`)));
      document.head.append(script);
    });
    return loading;
  }

  function prepared([name, kind, address]) {
    const small = name.toLowerCase();
    return { name, kind, address, small, last: small.slice(small.lastIndexOf(".") + 1) };
  }

  // The better a name fits the words, the smaller its number; Infinity where it does not.
  function rank({ small, last, kind }, words, whole) {
    if (!words.every((word) => small.includes(word) || kind.toLowerCase().includes(word))) return Infinity;
    if (small === whole || last === whole) return 0;
    if (last.startsWith(whole) || small.startsWith(whole)) return 1;
    if (small.includes(whole)) return 2;
    return words.every((word) => small.includes(word)) ? 3 : 4;
  }

  function best(index, text) {
    const whole = text.trim().toLowerCase();
    const words = whole.split(/\s+/);
    return index
      .map((found, at) => ({ found, at, rank: rank(found, words, whole) }))
      .filter((each) => each.rank < Infinity)
      .sort((a, b) => a.rank - b.rank || a.found.name.length - b.found.name.length || a.at - b.at)
      .slice(0, limit)
      .map(({ found }) => found);
  }

  function row({ name, kind, address }, at) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    item.id = `result-${at}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    link.href = root + address;
    link.tabIndex = -1;
    link.append(Object.assign(document.createElement("b"), { textContent: name }));
    link.append(Object.assign(document.createElement("small"), { textContent: kind }));
    link.addEventListener("click", close);
    item.append(link);
    return item;
  }

  function show(rows) {
    results.replaceChildren(...rows);
    results.hidden = false;
    query.setAttribute("aria-expanded", "true");
    choose(rows[0]?.id ? 0 : -1);
  }

  function note(text) {
    const item = Object.assign(document.createElement("li"), { textContent: text, className: "none" });
    show([item]);
  }

  function close() {
    results.hidden = true;
    query.setAttribute("aria-expanded", "false");
    query.removeAttribute("aria-activedescendant");
    chosen = -1;
  }

  function choose(at) {
    const rows = [...results.children];
    rows[chosen]?.setAttribute("aria-selected", "false");
    chosen = at;
    const next = rows[at];
    if (!next) return;
    next.setAttribute("aria-selected", "true");
    query.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  async function update() {
    const asked = query.value;
    if (asked.trim() === "") return close();
    try {
      const index = await load();
      // Whoever types on wants the answer to what stands there now.
      if (query.value !== asked) return;
      const found = best(index, asked);
      if (found.length === 0) note("Nothing has that name");
      else show(found.map(row));
    } catch (error) {
      note(error.message);
    }
  }

  query.addEventListener("focus", () => load().catch(() => {}));
  query.addEventListener("input", update);
  query.addEventListener("keydown", (event) => {
    const count = results.hidden ? 0 : results.querySelectorAll("[role=option]").length;
    if (event.key === "ArrowDown" && count > 0) choose((chosen + 1) % count);
    else if (event.key === "ArrowUp" && count > 0) choose((chosen + count - 1) % count);
    else if (event.key === "Enter" && chosen >= 0) results.children[chosen]?.querySelector("a")?.click();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (!search.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = /^(input|textarea|select)$/i.test(event.target.tagName ?? "");
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    query.focus();
    query.select();
  });
})();
