"use strict";

// The page is complete without this script, which adds links to other months and the filter.

// Links to the same page of the card before and after, and a list of all, from months.js of the release. A line is looked
// for in its own year, as another year may mean another thing by its name.
function fillMonths(nav, current, page) {
  const own = (window.months || []).find((month) => month.name === current);
  const everyYear = page === "index.html" || page.startsWith("areas/");
  const months = (window.months || []).filter(
    (month) => window.pages[month.pages].includes(page) && (everyYear || month.year === own?.year)
  );
  const place = months.indexOf(own);
  const up = "../".repeat(page.split("/").length);
  const address = (name) => up + encodeURIComponent(name) + "/" + page;
  const link = (month, text, rel) => {
    const made = document.createElement("a");
    made.href = address(month.name);
    made.rel = rel;
    made.textContent = text;
    nav.append(made);
  };
  // the newest comes first
  if (place >= 0 && place + 1 < months.length) link(months[place + 1], "← " + months[place + 1].label, "prev");
  const label = document.createElement("label");
  label.textContent = "Card of ";
  const list = document.createElement("select");
  list.autocomplete = "off";
  for (const month of months) {
    const option = new Option(month.label, month.name, false, month.name === current);
    list.append(option);
  }
  label.append(list);
  nav.append(label);
  const go = document.createElement("button");
  go.type = "button";
  go.textContent = "Go";
  go.addEventListener("click", () => {
    window.location.href = address(list.value);
  });
  nav.append(go);
  if (place > 0) link(months[place - 1], months[place - 1].label + " →", "next");
  nav.hidden = months.length < 2;
}

// Lines whose letter is ticked, of the section that is chosen; a section without a line to show goes with them.
function filter(form) {
  const { letters, section, changed } = chosen(form);
  let shown = 0;
  let all = 0;
  for (const body of document.querySelectorAll("table.card tbody")) {
    let here = 0;
    for (const row of body.querySelectorAll("tr[data-line]")) {
      row.hidden = !letters.includes(row.dataset.letter) || (changed && !("changed" in row.dataset)) || (section !== "" && body.id !== section);
      here += row.hidden ? 0 : 1;
      all += 1;
    }
    body.hidden = here === 0;
    shown += here;
  }
  form.querySelector("[data-shown]").textContent =
    shown === all ? "All " + all + " lines are shown." : shown + " of " + all + " lines are shown.";
}

function chosen(form) {
  const letters = [...form.querySelectorAll("[name=letter]:checked")].map((box) => box.value);
  return { letters, section: form.elements.section.value, changed: form.elements.changed.checked };
}

// What is chosen stands in the address, behind the #: Back brings it again, and a link shares it.
function toAddress(form) {
  const { letters, section, changed } = chosen(form);
  const all = form.querySelectorAll("[name=letter]").length;
  const choice = new URLSearchParams();
  if (letters.length < all) choice.set("letters", letters.join("."));
  if (section) choice.set("section", section);
  if (changed) choice.set("changed", "1");
  window.history.replaceState(null, "", "#" + choice);
}

// An address that names a place of the page, not a choice, leaves the form as it is.
function fromAddress(form) {
  const choice = new URLSearchParams(window.location.hash.slice(1));
  if (window.location.hash.length > 1 && !["letters", "section", "changed"].some((name) => choice.has(name))) return;
  const letters = choice.has("letters") ? choice.get("letters").split(".") : null;
  for (const box of form.querySelectorAll("[name=letter]")) box.checked = !letters || letters.includes(box.value);
  form.elements.section.value = choice.get("section") || "";
  if (form.elements.section.selectedIndex < 0) form.elements.section.value = "";
  form.elements.changed.checked = choice.has("changed");
}

// What is folded is printed open.
let folded = [];
window.addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const part of folded) part.open = true;
});
window.addEventListener("afterprint", () => {
  for (const part of folded) part.open = false;
});

// On a narrow page these are folded, so that the first line of the card is on the first screen.
const narrow = window.matchMedia("(max-width: 70rem)");
function fold() {
  for (const part of document.querySelectorAll("[data-narrow]")) part.open = !narrow.matches;
}
narrow.addEventListener("change", fold);
fold();

const nav = document.querySelector("[data-months]");
if (nav) fillMonths(nav, document.body.dataset.card, document.body.dataset.page);

const form = document.querySelector("[data-filter]");
if (form) {
  form.parentElement.hidden = false;
  form.addEventListener("change", () => {
    filter(form);
    toAddress(form);
  });
  window.addEventListener("hashchange", () => {
    fromAddress(form);
    filter(form);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  fromAddress(form);
  filter(form);
}
