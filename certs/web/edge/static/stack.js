// Many certificates: the same form, answered some hundred at a time, with progress. Without this file it is one page.
(() => {
  "use strict";
  const form = document.getElementById("stack"), answers = document.getElementById("answers");
  const wrong = document.getElementById("wrong"), progress = document.getElementById("progress");
  const keep = document.getElementById("keep"), body = answers.querySelector("tbody"), button = form.querySelector("button");
  const put = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const figure = new Intl.NumberFormat(document.documentElement.lang);

  const refuse = (text) => { wrong.textContent = text; wrong.hidden = !text; };
  const tell = (done, all) => {
    progress.hidden = false;
    progress.firstElementChild.max = all;
    progress.firstElementChild.value = done;
    progress.lastElementChild.textContent = put(form.dataset.done, { done: figure.format(done), all: figure.format(all) });
  };
  const count = () => {
    answers.querySelectorAll("[data-count]").forEach((at) => {
      const kind = at.dataset.count, n = kind === "all" ? body.rows.length : body.querySelectorAll(`tr.${kind}`).length;
      at.textContent = figure.format(n);
      at.closest("label").hidden = !n && kind !== "all";
    });
  };
  const ask = async (address, fields) => {
    const answer = await fetch(address, { method: "POST", body: fields, headers: { Accept: "application/json, text/html" } });
    if (answer.status === 429) throw new Error(form.dataset.often);
    return answer;
  };

  const read = async () => {
    const answer = await ask(form.dataset.entries, new FormData(form));
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.wrong || said.detail);
    return said.entries;
  };
  const judge = async (entries, first) => {
    const answer = await ask(form.dataset.rows, new URLSearchParams({ entries: entries.join("\n"), first }));
    if (!answer.ok) throw new TypeError(answer.statusText);
    const rows = document.createElement("template");
    rows.innerHTML = await answer.text();  // rows of our own template, escaped there
    body.append(rows.content);
  };
  const all = async () => {
    const entries = await read(), step = Number(form.dataset.atOnce);
    body.replaceChildren();
    document.getElementById("show-all").checked = true;
    for (let first = 0; first < entries.length; first += step) {
      tell(first, entries.length);
      await judge(entries.slice(first, first + step), first + 1);
      answers.hidden = false;
      keep.elements.entries.value = entries.slice(0, first + step).join("\n");
      count();
    }
    tell(entries.length, entries.length);
    document.getElementById("answered").focus();
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    refuse("");
    button.disabled = true;
    try { await all(); } catch (error) { refuse(error instanceof TypeError || error instanceof SyntaxError ? form.dataset.broken : error.message); }
    button.disabled = false;
  });
})();
