// What the desk's pages can do besides. Every act is a form of its own, and works without this file.
//   data-key="l"     the key that presses this button or link
//   data-go="a"      where g, then this key, leads
//   data-choose      radios within are chosen by 1 to 9
//   data-live="2"    with an id: look again after so many seconds; once it is gone, show the page anew
//   data-drop        a form whose files are sent one by one, as soon as they are dropped or chosen
//   data-counts      a form of two numbers: how many people each pair of them would leave
(() => {
  "use strict";
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const put = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // Keys: off in fields, and where somebody switched them off.
  const typing = (at) => at.closest("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]");
  const help = document.getElementById("keys");
  const off = () => localStorage.getItem("keys") === "off";
  let went = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || off()) return;
    if (help && help.open) return;
    const key = event.key.toLowerCase();
    const going = Date.now() - went < 1500;
    went = key === "g" ? Date.now() : 0;
    const found = document.querySelector(`[data-${going ? "go" : "key"}="${CSS.escape(key)}"]`);
    const search = key === "/" && document.querySelector("input[type=search]");
    const radio = /^[1-9]$/.test(key) && all("[data-choose] input[type=radio]")[Number(key) - 1];
    if (!found && !search && !radio) return;
    event.preventDefault();
    if (found) found.click();
    else if (search) search.focus();
    else { radio.checked = true; radio.focus(); }
  });
  if (help) {
    const button = document.querySelector("[data-shows-keys]"), box = help.querySelector("input[type=checkbox]");
    button.hidden = false;
    button.addEventListener("click", () => { box.checked = off(); help.showModal(); });
    box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "off" : "on"));
  }

  // What is under way: the page is asked for again, and the part of it that tells is put in place.
  // Who types, or is on her way to another page, is not taken back.
  let typed = false, leaves = 0;
  document.addEventListener("input", () => { typed = true; });
  addEventListener("beforeunload", () => { leaves = Date.now(); });
  const look = async (live) => {
    let next = live;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Live": "yes" } });
      if (!answer.ok) throw new Error(answer.statusText);
      if (answer.redirected && (live.id !== "errand" || typed)) throw new Error("elsewhere");
      if (answer.redirected) { location.reload(); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(live.id);
      if (Date.now() - leaves < 20000) throw new Error("leaving");
      if (!fresh && !typed) { location.reload(); return; }
      if (!fresh) { live.textContent = document.body.dataset.saidDone; return; }
      next = document.importNode(fresh, true);
      live.replaceWith(next);
    } catch { /* the line is down, or the site is, or she leaves: look again */ }
    setTimeout(look, 1000 * Number(next.dataset.live), next);
  };
  all("[data-live]").forEach((live) => setTimeout(look, 1000 * Number(live.dataset.live), live));

  // Files: one request each, so that what arrived is safe when the line breaks.
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  const send = (form, file, tell) => new Promise((done) => {
    const body = new FormData(), request = new XMLHttpRequest();
    body.append("csrf_token", form.elements.csrf_token.value);
    body.append("more", "yes");
    body.append("files", file);
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (event) => tell(Math.min(event.loaded, file.size)));
    request.addEventListener("loadend", () => {
      const plain = (request.getResponseHeader("Content-Type") || "").startsWith("text/plain");
      done(request.status === 204 ? "" : request.status === 200 && plain ? request.responseText : null);
    });
    request.send(body);
  });
  const line = (list, ...parts) => {
    const item = document.createElement("li"), state = document.createElement("span");
    item.append(...parts.map((part) => Object.assign(document.createElement("bdi"), { textContent: part })), " ", state);
    list.append(item);
    return state;
  };
  for (const form of all("form[data-drop]")) {
    const field = form.querySelector("input[type=file]"), list = form.querySelector(".sent"), said = form.dataset;
    const bar = form.querySelector("progress");
    let busy = false;
    const take = async (files) => {
      if (busy || !files.length) return;
      const whole = files.reduce((sum, file) => sum + file.size, 0);
      list.hidden = false;
      list.replaceChildren();
      const sum = line(list);
      if (whole > Number(said.drop)) { sum.textContent = put(said.saidLarge, { mb: megabytes(whole) }); return; }
      busy = true;
      bar.hidden = false;
      bar.max = whole || 1;
      let before = 0, arrived = 0;
      const tell = (bytes) => {
        bar.value = before + bytes;
        sum.textContent = put(said.saidSum, { sent: megabytes(bar.value), left: megabytes(whole - bar.value) });
      };
      const states = files.map((file) => line(list, file.name));
      for (const [place, file] of files.entries()) {
        states[place].textContent = said.saidSending;
        const answer = await send(form, file, tell);
        states[place].textContent = answer === null ? said.saidLost : answer || said.saidArrived;
        arrived += answer === null ? 0 : 1;
        before += file.size;
        tell(0);
      }
      busy = false;
      if (arrived < files.length) {
        sum.textContent = put(said.saidBroken, { done: arrived, all: files.length });
        field.value = "";
        return;
      }
      sum.textContent = said.saidReading;
      field.disabled = true;
      form.action = said.read;
      form.submit();
    };
    field.addEventListener("change", () => take([...field.files]));
    form.addEventListener("submit", (event) => { if (busy) event.preventDefault(); });
    addEventListener("beforeunload", (event) => { if (busy) event.preventDefault(); });
    document.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) form.classList.remove("over"); });
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      form.classList.remove("over");
      take([...event.dataTransfer.files]);
    });
  }

  // Another rule: its people are counted as one types; whom it is about is shown after the form is sent.
  for (const form of all("form[data-counts]")) {
    const counts = JSON.parse(form.dataset.counts), [sessions, percent] = all("input[type=number]", form);
    const would = form.querySelector("[data-would]"), note = form.querySelector("[data-other]");
    const parts = document.getElementById("parts"), rects = parts ? all("rect", parts) : [];
    const drawn = rects.map((rect) => [rect.getAttribute("x"), rect.getAttribute("width")]);
    const first = [would.textContent, sessions.value, percent.value];
    const draw = (people) => {
      let at = 0;
      const never = Number(drawn[3]?.[1] || 0), earned = 100 * people / Number(form.dataset.people);
      [earned, 0, Math.max(100 - earned - never, 0), never].forEach((width, place) => {
        rects[place].setAttribute("x", at);
        rects[place].setAttribute("width", width);
        at += width;
      });
    };
    form.addEventListener("input", () => {
      const people = counts[Number(sessions.value) - 1]?.[Number(percent.value)];
      const same = sessions.value === first[1] && percent.value === first[2];
      note.hidden = same || people === undefined;
      would.textContent = same ? first[0] : people === undefined ? "–" : people.toLocaleString("en");
      if (rects.length === 4 && same) drawn.forEach(([x, width], place) => { rects[place].setAttribute("x", x); rects[place].setAttribute("width", width); });
      else if (rects.length === 4 && people !== undefined) draw(people);
    });
  }

  const problem = document.getElementById("problem");
  if (problem) problem.focus();
})();
