"use strict";
// The theme, and what changes while a page is open: progress is put in its place, and a table that has changed is
// fetched and replaced. Without a script all pages work as they are.
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const button = document.getElementById("theme");
  const label = () => { button.querySelector("span").textContent = dark() ? "Light" : "Dark"; };
  if (location.hash === "#dark" || location.hash === "#light") root.dataset.theme = location.hash.slice(1);
  button?.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    label();
  });
  if (button) label();

  const table = () => document.getElementById("table");
  if (table()?.dataset.version === undefined) return;
  const [busy, idle] = [1000, 4000];

  // Rows that were chosen stay chosen, and the focus stays where it is.
  async function replace() {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("table");
    if (!fresh) {
      location.reload();
      return;
    }
    const chosen = new Set([...document.querySelectorAll("input[name=run]:checked")].map(({ value }) => value));
    fresh.querySelectorAll("input[name=run]").forEach((box) => { box.checked = chosen.has(box.value); });
    const left = table().querySelector(".scroll")?.scrollLeft ?? 0;
    const focused = document.activeElement?.closest("#table") && (document.activeElement.value || document.activeElement.getAttribute("href"));
    table().replaceWith(document.adoptNode(fresh));
    const scroll = table().querySelector(".scroll");
    if (scroll) scroll.scrollLeft = left;
    if (focused) [...table().querySelectorAll("a, input, button")].find((node) => node.value === focused || node.getAttribute("href") === focused)?.focus();
  }

  function show({ name, done, total, text }) {
    const row = table().querySelector(`tr[data-name="${CSS.escape(name)}"]`) ?? (table().dataset.name === name ? table() : null);
    const bar = row?.querySelector("progress");
    if (!bar) return;
    bar.max = total;
    bar.value = done;
    bar.nextElementSibling.textContent = text;
  }

  // What is listed, and which runs have a bar: another table is needed where this changes.
  let shown = null;
  async function look() {
    let pause = idle;
    try {
      if (!document.hidden) {
        const { version, running } = await (await fetch("/state")).json();
        if (running.length > 0) pause = busy;
        const state = JSON.stringify([version, ...running.map(({ name }) => name)]);
        if (shown !== state && (shown !== null || running.length > 0 || String(version) !== table().dataset.version)) await replace();
        shown = state;
        running.forEach(show);
      }
    } catch {
      // The server has ended, or does not answer now: the next look may find it.
    }
    setTimeout(look, pause);
  }
  setTimeout(look, busy);
})();
