// Typesets formulas with MathJax: node typeset.js FOLDER_OF_MATHJAX
// reads [[tex, display], ...] and writes {formulas: [{html, width} or {error}], style},
// widths in em.
"use strict";
const fs = require("fs");
const [mathjax] = process.argv.slice(2);

global.MathJax = {
  loader: {paths: {mathjax}, require,
           load: ["input/tex", "output/chtml", "adaptors/liteDOM",
                  "a11y/assistive-mml"]},
  tex: {packages: {"[-]": ["noundefined", "require", "autoload"]},
        formatError: (jax, error) => { throw error; }},
  chtml: {fontURL: "mathjax"},
  startup: {typeset: false},
};
require(`${mathjax}/startup.js`);

function typeset(tex, display) {
  const page = MathJax.startup.document, {adaptor, output} = MathJax.startup;
  const item = new page.options.MathItem(tex, page.inputJax[0], display);
  item.setMetrics(16, 8, 1280, 1e6, 1);
  item.convert(page);
  return {html: adaptor.outerHTML(item.typesetRoot),
          width: output.getBBox(item, page).w};
}

MathJax.startup.promise.then(() => {
  const formulas = JSON.parse(fs.readFileSync(0, "utf8")).map(([tex, display]) => {
    try { return typeset(tex, display); }
    catch (error) { return {error: error.message}; }
  });
  const style = MathJax.startup.adaptor.textContent(MathJax.chtmlStylesheet());
  process.stdout.write(JSON.stringify({formulas, style}));
});
