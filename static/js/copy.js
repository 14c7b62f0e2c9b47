// Adds a copy button to whatever can be copied. Without this file the text selects whole on a click.
for (const box of document.querySelectorAll(".copyable")) {
  const button = box.querySelector("button[data-done]");
  const text = box.querySelector("code, pre");
  if (!button || !text || !navigator.clipboard) {
    continue;
  }
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.textContent.trim());
    button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });
}
