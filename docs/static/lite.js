// Beside the page of the live notebooks: dark where the site is dark, a sentence if
// Python can't be had, and the section from which the reader comes, or the cell at
// which they left.
(() => {
  const python = document.currentScript.dataset.python;
  const place = `cell of ${new URLSearchParams(location.search).get("path")}`;

  // The reader's choice on the site, else the system's.
  const isDark = localStorage.theme === "dark" || localStorage.theme !== "light"
    && matchMedia("(prefers-color-scheme: dark)").matches;

  // A line below the notebook, until it is clicked; returns it.
  function say(words, role, background) {
    const note = document.createElement("p");
    note.setAttribute("role", role);
    note.textContent = words;
    note.style.cssText = "position: fixed; z-index: 9999; inset: auto 1rem 1rem; "
      + `margin: 0; padding: 0.7rem 1rem; border-radius: 4px; color: white; `
      + `background: ${background}; font: 1rem/1.5 system-ui, sans-serif`;
    note.addEventListener("click", () => note.remove());
    document.body.append(note);
    return note;
  }
  fetch(python, {cache: "force-cache"}).then(answer => {
    if (!answer.ok) throw new Error(answer.status);
  }).catch(() => say(
    `No cell can run now: Python comes from ${new URL(python).host}, which can't be `
    + "reached. Check your network and load this page again, or download the notebook "
    + "from its page and run it on your machine.", "alert", "#7a1f00"));

  const slug = text => text.toLowerCase().replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  function wanted(cells) {
    const section = location.hash.slice(1), left = localStorage[place];
    if (!section) return cells.findIndex(cell => cell.model.id === left);
    return cells.findIndex(cell => cell.model.type === "markdown"
      && cell.model.sharedModel.getSource().split("\n").some(
        line => line.startsWith("#") && slug(line) === section));
  }

  async function go(panel) {
    await panel.context.ready;
    await panel.revealed;
    const notebook = panel.content, index = wanted(notebook.widgets);
    if (index > 0) {
      notebook.activeCellIndex = index;
      await notebook.scrollToItem(index, "start");
      const hint = say("The cells above run first: menu Run, Run All Above Selected "
                       + "Cell. Then Shift+Enter runs a cell and goes on to the next.",
                       "status", "#1f4a66");
      setTimeout(() => hint.remove(), 30_000);
    }
    notebook.activeCellChanged.connect((_, cell) => {
      if (cell) localStorage[place] = cell.model.id;
    });
  }
  const waiting = setInterval(() => {
    const app = window.jupyterapp, panel = app?.shell.currentWidget;
    if (!panel?.context || !panel.content?.widgets) return;
    clearInterval(waiting);
    const theme = isDark ? "JupyterLab Dark" : "JupyterLab Light";
    app.commands.execute("apputils:change-theme", {theme});
    go(panel);
  }, 100);
  document.documentElement.style.background = isDark ? "#111" : "#fff";
})();
