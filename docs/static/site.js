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
    for (const each of page.querySelectorAll(".facts, .on-this-page, .math")) each.remove();
    return textOf(page.documentElement.outerHTML, anchor);
  };
}
