// Tables that a click on a head sorts: numbers from the largest, text from A, and the other way round at the next click.
function hubbubSort(table) {
  "use strict";
  const heads = table.tHead && table.tHead.rows.length === 1 ? [...table.tHead.rows[0].cells] : [];
  const body = table.tBodies[0];
  if (!body || body.rows.length < 3 || [...heads].some((head) => head.colSpan > 1)) return;

  function value(row, column) {
    const text = (row.cells[column] ? row.cells[column].textContent : "").trim();
    if (text === "" || text === "–") return { missing: true };
    const plain = text.replace(/\u2212/g, "-").replace(/(\d),(?=\d{3})/g, "$1").replace("∞", "Infinity");
    return { text, number: parseFloat(plain) };
  }

  function sort(column) {
    const rows = [...body.rows].map((row) => ({ row, ...value(row, column) }));
    const known = rows.filter((entry) => !entry.missing), missing = rows.filter((entry) => entry.missing);
    const numeric = known.every((entry) => !Number.isNaN(entry.number));
    const before = heads[column].getAttribute("aria-sort");
    const order = before ? (before === "ascending" ? "descending" : "ascending") : numeric ? "descending" : "ascending";
    const compare = numeric
      ? (a, b) => (a.number === b.number ? 0 : a.number < b.number ? -1 : 1)
      : (a, b) => a.text.localeCompare(b.text, undefined, { numeric: true });
    known.sort((a, b) => (order === "ascending" ? compare(a, b) : compare(b, a)));
    body.append(...[...known, ...missing].map((entry) => entry.row));
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", order);
  }

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(column));
    head.append(button);
  });
}

document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table")) hubbubSort(table);
});
