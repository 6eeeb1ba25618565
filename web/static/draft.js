// Saves a draft while somebody types. Everything works without it: each step saves when it is sent.
"use strict";

const PAUSE_MS = 900;
const form = document.querySelector("form[data-draft]");

if (form) {
  const told = form.querySelector(".saved");
  let waiting = 0;
  let leaving = false;

  async function save() {
    waiting = 0;
    const said = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") said.append(name, value);
    }
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: said, redirect: "error" });
      if (!leaving) told.textContent = answer.ok ? form.dataset.saved : form.dataset.unsaved;
    } catch {
      if (!leaving) told.textContent = form.dataset.unsaved;
    }
  }

  form.addEventListener("input", () => {
    told.textContent = "";
    window.clearTimeout(waiting);
    waiting = window.setTimeout(save, PAUSE_MS);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    window.clearTimeout(waiting);
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting && !leaving) {
      window.clearTimeout(waiting);
      save();
    }
  });
}
