// A button that copies a link. Without it the link can be marked and copied as any text.
"use strict";

for (const button of document.querySelectorAll("button[data-copies]")) {
  const link = document.getElementById(button.dataset.copies);
  if (!link || !navigator.clipboard) continue;
  button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.href);
      button.textContent = button.dataset.copied;
    } catch {
      window.getSelection().selectAllChildren(link);
    }
  });
}
