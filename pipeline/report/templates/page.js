(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
  };

  // Tables sort by a click on a heading; what has no number stays below.
  const keyOf = (cell) => {
    const shown = cell?.dataset.sort ?? cell?.querySelector("data")?.value;
    return shown === undefined || shown === "" ? NaN : Number(shown);
  };
  const sort = (table, place, heading) => {
    const descending = heading.getAttribute("aria-sort") === "ascending";
    const body = table.tBodies[0], rows = [...body.rows], cells = rows.map((row) => row.cells[place]);
    const isNumbered = cells.some((cell) => !isNaN(keyOf(cell))) && place > 0;
    const order = rows.map((row, at) => ({ row, key: keyOf(cells[at]), text: cells[at]?.textContent.trim() ?? "" }));
    const turn = descending ? -1 : 1;
    order.sort((a, b) => isNumbered
      ? (isNaN(a.key) - isNaN(b.key)) || turn * (a.key - b.key || 0)
      : turn * a.text.localeCompare(b.text, "en", { numeric: true }));
    body.append(...order.map(({ row }) => row));
    all("th[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  };
  all("table:not(.matrix)").filter((table) => table.tHead && table.tBodies[0]?.rows.length > 1).forEach((table) => {
    [...table.tHead.rows[0].cells].forEach((heading, place) => {
      const button = make("button", { type: "button" }, ...heading.childNodes);
      button.addEventListener("click", () => sort(table, place, heading));
      heading.append(button);
    });
  });

  // On a phone a table's cells stand below the name of their row, each with its heading.
  all("table.stack").forEach((table) => all("tbody td", table).forEach((cell) => {
    cell.dataset.label = table.tHead.rows[0].cells[cell.cellIndex]?.innerText.replace(/\s+/g, " ").trim() ?? "";
  }));

  // Pictures enlarge by a click or Enter; Escape or another click closes them.
  const zoom = make("dialog", { class: "zoom", "aria-label": "Enlarged picture" });
  zoom.addEventListener("click", () => zoom.close());
  document.body.append(zoom);
  const enlarge = (image) => {
    const caption = image.closest("figure")?.querySelector("figcaption")?.innerText ?? "";
    const close = make("button", { type: "button" }, "Close");
    const large = make("img", { src: image.src, alt: image.alt, class: image.className });
    large.style.width = `min(96vw, calc(78vh * ${image.naturalWidth / image.naturalHeight}))`;
    zoom.replaceChildren(large, make("p", {}, caption ? `${image.alt}: ${caption}` : image.alt), close);
    zoom.showModal();
  };
  all("main img").forEach((image) => {
    image.tabIndex = 0;
    image.setAttribute("role", "button");
    image.setAttribute("aria-haspopup", "dialog");
    image.addEventListener("click", () => enlarge(image));
    image.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); enlarge(image); }
    });
  });

  // A number tells its cell, its runs and what they were made of.
  const kept = document.getElementById("origins");
  if (kept) {
    const { runs, commits, shared, stored, page } = JSON.parse(kept.textContent);
    const note = make("div", { class: "cell", popover: "auto", role: "status" });
    document.body.append(note);
    const tell = (number) => {
      const cell = number.dataset.cell, parts = cell.split(/\/| − /);
      const own = Object.keys(runs).filter((name) => parts.includes(name));
      const named = own.length ? own : Object.keys(runs);
      const rows = [["Cell", cell], ["Value", number.value], ["MLflow run", named.map((name) => `${name} ${runs[name]}`).join(", ")],
        ["Commit", [...new Set(named.map((name) => commits[name]))].filter(Boolean).join(", ")], ...Object.entries(shared),
        ["Source", stored[cell.split("/")[0]] ? `as stored: ${stored[cell.split("/")[0]]}` : "computed again by verify"],
        ["Verify", `python -m pipeline verify ${page}`]];
      note.replaceChildren(make("dl", {}, ...rows.filter(([, text]) => text).flatMap(([name, text]) => [make("dt", {}, name), make("dd", {}, text)])));
      note.showPopover();
      const box = number.getBoundingClientRect(), own_box = note.getBoundingClientRect();
      note.style.left = `${Math.max(8, Math.min(box.left, innerWidth - own_box.width - 8))}px`;
      note.style.top = `${box.bottom + own_box.height + 8 > innerHeight ? Math.max(8, box.top - own_box.height - 6) : box.bottom + 6}px`;
    };
    const numbers = all("data[data-cell]");
    document.addEventListener("click", (event) => {
      const number = event.target.closest("data[data-cell]");
      if (number && !event.target.closest("button, summary, a")) tell(number);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("data[data-cell]")) tell(event.target);
    });
    const toggle = make("button", { type: "button", "aria-pressed": "false", title: "Then Tab goes from number to number, and Enter tells where it comes from; a click does so always" }, "Where numbers come from");
    toggle.addEventListener("click", () => {
      const isOn = toggle.getAttribute("aria-pressed") === "false";
      toggle.setAttribute("aria-pressed", String(isOn));
      document.body.classList.toggle("numbers", isOn);
      numbers.forEach((number) => {
        if (!isOn) { number.removeAttribute("tabindex"); number.removeAttribute("role"); return; }
        number.tabIndex = 0;
        number.setAttribute("role", "button");
      });
    });
    document.querySelector("nav")?.append(toggle);
  }

  // What scrolls can be scrolled by keys.
  const reach = () => all(".scroll, pre").forEach((box) => {
    const hint = () => box.classList.toggle("more", box.scrollLeft + box.clientWidth < box.scrollWidth - 2);
    hint();
    if (box.scrollWidth <= box.clientWidth || box.tabIndex === 0) return;
    box.addEventListener("scroll", hint, { passive: true });
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    const heading = box.closest("section")?.querySelector("h2")?.textContent ?? "page";
    box.setAttribute("aria-label", `${heading}, to scroll sideways`);
  });
  reach();
  all("details").forEach((block) => block.addEventListener("toggle", reach));

  // Paper shows what is folded.
  let folded = [];
  addEventListener("beforeprint", () => { folded = all("details:not([open])"); folded.forEach((block) => { block.open = true; }); });
  addEventListener("afterprint", () => folded.forEach((block) => { block.open = false; }));
})();
