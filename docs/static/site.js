// What scrolls sideways must be within reach of the keyboard, too.
(() => {
  const boxes = "article :is(pre, .table-wrapper, figure, p:has(> img))";
  function mark() {
    for (const box of document.querySelectorAll(boxes)) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }
  addEventListener("load", mark);
  addEventListener("resize", mark);
})();

// Results of a search quote the words of a page: not the buttons below its title, nor
// its contents and formulas.
if (typeof Search !== "undefined") {
  const textOf = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const others = page.querySelectorAll(".facts, .on-this-page, .math");
    for (const each of others) each.remove();
    return textOf(page.documentElement.outerHTML, anchor);
  };
}

// A notebook opens at the section from which the reader comes.
(() => {
  const run = document.querySelector('.facts a.button[href^="lite/"]');
  if (!run) return;
  for (const heading of document.querySelectorAll("article section > h2")) {
    const link = document.createElement("a");
    link.className = "run-section";
    link.href = `${run.getAttribute("href")}#${heading.parentElement.id}`;
    link.textContent = "Run here";
    link.setAttribute("aria-label", `Run here: ${heading.firstChild.textContent}`);
    heading.append(link);
  }
})();
