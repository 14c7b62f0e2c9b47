// Sends a form once. A double click would send it twice, and the browser would show the second
// answer: that the question was answered already.
for (const form of document.querySelectorAll("form[data-once]")) {
  let isSent = false;
  form.addEventListener("submit", (event) => {
    if (isSent) {
      event.preventDefault();
    }
    isSent = true;
  });
  addEventListener("pageshow", () => {
    isSent = false;
  });
}
