// What scrolls sideways must be within reach of the keyboard, too.
(() => {
  function mark() {
    for (const box of document.querySelectorAll("article :is(pre, div.math, .table-wrapper, figure)")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }
  addEventListener("load", async () => { await window.MathJax?.startup?.promise; mark(); });
  addEventListener("resize", mark);
})();
