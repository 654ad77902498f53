// What scrolls sideways must be within reach of the keyboard, too.
(() => {
  function mark() {
    for (const box of document.querySelectorAll("article :is(pre, div.math, .table-wrapper, figure, p:has(> img))")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }
  addEventListener("load", async () => { await window.MathJax?.startup?.promise; mark(); });
  addEventListener("resize", mark);
})();

// Results of a search quote the page, not the row of buttons below its title.
if (typeof Search !== "undefined") {
  const textOf = Search.htmlToText;
  Search.htmlToText = (html, anchor) => textOf(html.replace(/<div class="facts">.*?<\/div>/s, ""), anchor);
}
