// Folds what is long, filters the findings, and keeps the filter in the address. Everything here is
// convenience: without it the page shows all there is.
(() => {
  "use strict";

  const folded = [...document.querySelectorAll("details")];
  for (const details of folded) details.open = false;

  // What is printed is all there is; afterwards the page is as it was.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    for (const details of folded.filter((details) => !details.open)) {
      details.open = true;
      unfolded.push(details);
    }
  });
  addEventListener("afterprint", () => {
    for (const details of unfolded) details.open = false;
    unfolded = [];
  });

  const unfold = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (at instanceof HTMLDetailsElement) at.open = true;
    }
  };

  const form = document.getElementById("filter");
  if (!form) {
    addEventListener("hashchange", () => unfold(document.getElementById(location.hash.slice(1))));
    return;
  }
  const status = document.getElementById("filter-status");
  const heading = document.getElementById("findings-title");
  const cards = [...document.querySelectorAll("article.finding")].map((element) => ({
    element,
    data: element.dataset,
    packs: element.dataset.packs.split(" "),
    text: element.textContent.toLowerCase(),
  }));
  const groups = [...document.querySelectorAll("div.group")];
  const FIELDS = ["severity", "outcome", "pack", "document", "q"];
  const PREFIX = "#findings?";

  const read = () => {
    const wanted = {};
    for (const name of FIELDS) {
      const value = form.elements[name].value.trim();
      if (value) wanted[name] = value;
    }
    if (form.elements.blocking.checked) wanted.blocking = "1";
    return wanted;
  };

  const write = (wanted) => {
    for (const name of FIELDS) form.elements[name].value = wanted[name] || "";
    // A choice that this report does not have is none.
    for (const select of form.querySelectorAll("select")) {
      if (select.selectedIndex < 0) select.selectedIndex = 0;
    }
    form.elements.blocking.checked = wanted.blocking === "1";
  };

  const matches = (card, wanted) =>
    (!wanted.severity || card.data.severity === wanted.severity) &&
    (!wanted.outcome || card.data.outcome === wanted.outcome) &&
    (!wanted.pack || card.packs.includes(wanted.pack)) &&
    (!wanted.document || card.data.document === wanted.document) &&
    (!wanted.blocking || card.data.blocking === "1") &&
    (!wanted.q || wanted.q.toLowerCase().split(/\s+/).every((word) => card.text.includes(word)));

  const show = () => {
    const wanted = read();
    let shown = 0;
    for (const card of cards) {
      const match = matches(card, wanted);
      card.element.hidden = !match;
      if (match) shown += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector("article:not([hidden])");
    const all = cards.length === 1 ? "1 finding" : `${cards.length} findings`;
    const text = shown === cards.length ? all : `${shown} of ${all}`;
    if (status.textContent !== text) status.textContent = text;
    return wanted;
  };

  const address = (wanted) => {
    const query = new URLSearchParams(wanted).toString();
    return query ? PREFIX + query : location.pathname + location.search;
  };

  const remember = (wanted) => {
    try {
      history.replaceState(null, "", address(wanted));
    } catch {
      // Some viewers have no history to write to; the filter works all the same.
    }
  };

  // The address says what to show: a filter, or one finding, which no filter shall hide.
  const follow = () => {
    if (location.hash.startsWith(PREFIX)) {
      write(Object.fromEntries(new URLSearchParams(location.hash.slice(PREFIX.length))));
      show();
      return true;
    }
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) return false;
    unfold(target);
    if (target.closest("[hidden]")) {
      write({});
      show();
      target.scrollIntoView();
    }
    return false;
  };

  let waiting = 0;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => remember(show()), 120);
  };
  form.addEventListener("input", (event) => {
    if (event.target.name === "q") later();
    else remember(show());
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    write({});
    remember(show());
  });
  addEventListener("hashchange", follow);

  // A cell of the matrix shows all findings of its document and pack, not only the first.
  for (const link of document.querySelectorAll("a[data-pack]")) {
    link.addEventListener("click", (event) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      write({ pack: link.dataset.pack, document: link.dataset.document });
      history.pushState(null, "", address(show()));
      heading.focus({ preventScroll: true });
      heading.scrollIntoView();
    });
  }

  form.hidden = false;
  if (follow()) heading.scrollIntoView();
})();
