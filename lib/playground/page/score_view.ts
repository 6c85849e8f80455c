/**
 * Shows the score of an ensemble: a large number, its baseline, and the errors.
 *
 * @module
 */
import type { ImportanceNews, Outcome, Score } from "../messages.ts";
import { showBars } from "./bars.ts";
import { byId, drawn, element, showFacts } from "./elements.ts";
import { count, counted, duration, percent, plain, size, ticks } from "./numbers.ts";

/** Classes that a matrix has room for. */
const MOST_CLASSES = 24;

/** Columns that are shown by importance. */
const MOST_BARS = 16;

/** Shows the outcome of training. */
export function showOutcome(outcome: Outcome): void {
  const { score, members, planned, seconds, testRows } = outcome;
  const rows = `${counted(testRows, "row")} that it never saw`;
  const left = members < planned
    ? ` Training was stopped at ${members} of ${planned} members.`
    : "";
  if (score.kind === "classes") {
    byId("great").textContent = percent(score.accuracy);
    const { low, high } = score.interval ?? { low: NaN, high: NaN };
    showFacts(
      byId("great-facts"),
      `of ${rows} are right (95 % interval: ${percent(low)} to ${percent(high)}).${left}`,
    );
  } else {
    byId("great").textContent = score.r2.toFixed(3);
    showFacts(
      byId("great-facts"),
      `is R², the explained share of the variance of ${rows}.${left}`,
    );
  }
  const facts: [name: string, value: string][] = score.kind === "classes"
    ? [
      [`Always “${score.baseline.class}”`, percent(score.baseline.accuracy)],
      ["Its members alone", between(score.members)],
      ["Log loss", score.logLoss.toFixed(3)],
    ]
    : [
      ["Root of the mean squared error", plain(score.rmse)],
      ["That of always the mean", plain(score.baseline)],
      ["Mean absolute error", plain(score.mae)],
    ];
  facts.push(
    ["Trained in", `${duration(seconds)}, ${counted(members, "member")}`],
    ["Of a dense network’s weights", percent(outcome.connections / outcome.denseConnections)],
    ["Model file", size(outcome.fileBytes)],
  );
  byId("numbers").replaceChildren(
    ...facts.map(([name, value]) =>
      element("div", {}, element("dt", { text: name }), element("dd", { text: value }))
    ),
  );
  showDetail(score);
  byId("importance").replaceChildren();
  byId("importance-facts").textContent = "Columns are being shuffled, one after the other …";
}

function between(shares: readonly number[]): string {
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  return shares.length === 1 ? percent(least) : `${percent(least)} to ${percent(most)}`;
}

/** Shows the rows that the ensemble gets wrong. */
function showDetail(score: Score): void {
  const caption = byId("confusion-caption");
  const place = byId("confusion");
  if (score.kind === "numbers") {
    caption.textContent = "Predicted against true";
    place.replaceChildren(scatter(score.points));
    return;
  }
  const { classes, confusion } = score;
  const isSmall = classes.length <= MOST_CLASSES;
  caption.textContent = isSmall
    ? "Confusions: true classes down, predicted ones across"
    : "The most frequent confusions";
  place.replaceChildren(isSmall ? matrix(classes, confusion) : worst(classes, confusion));
}

function matrix(
  classes: readonly string[],
  confusion: readonly (readonly number[])[],
): HTMLElement {
  const heads = classes.map((name) =>
    element(
      "th",
      { scope: "col", title: name },
      element("span", { text: short(name) }),
    )
  );
  const rows = classes.map((name, row) => {
    const all = confusion[row].reduce((sum, rows) => sum + rows, 0);
    const cells = confusion[row].map((rows, column) => {
      const share = all === 0 ? 0 : rows / all;
      const isRight = row === column;
      const cell = element("td", {
        text: rows === 0 ? "·" : count(rows),
        title: `${rows} of ${name} ${isRight ? "are right" : `were taken for ${classes[column]}`}`,
        class: rows === 0 ? "none" : !isRight ? "missed" : isFull(share) ? "full" : "",
      });
      if (isRight) cell.style.setProperty("--share", `${colourOf(share)}`);
      return cell;
    });
    return element(
      "tr",
      {},
      element("th", { scope: "row", text: short(name), title: name }),
      ...cells,
    );
  });
  return element(
    "table",
    { class: "matrix" },
    element("thead", {}, element("tr", {}, element("td", { class: "none" }), ...heads)),
    element("tbody", {}, ...rows),
  );
}

/** Returns `true` if the cell of a large share is so dark that its number must be light. */
function isFull(share: number): boolean {
  return share >= 0.75;
}

/** The colour of a cell. It jumps where its number becomes light, so that every number can be read. */
function colourOf(share: number): number {
  return isFull(share) ? 0.9 + 0.1 * share : 0.08 + 0.42 * share;
}

function short(name: string): string {
  return name.length > 12 ? `${name.slice(0, 11)}…` : name;
}

/** The most frequent confusions, for cases in which a matrix would be too large. */
function worst(
  classes: readonly string[],
  confusion: readonly (readonly number[])[],
): HTMLElement {
  const list = element("ol", { class: "bars wordy" });
  const wrong = confusion.flatMap((own, row) =>
    own.flatMap((rows, column) => row === column || rows === 0 ? [] : [{ row, column, rows }])
  ).sort((a, b) => b.rows - a.rows).slice(0, MOST_BARS);
  const most = wrong[0]?.rows ?? 1;
  showBars(
    list,
    wrong.map(({ row, column, rows }) => ({
      name: `${classes[row]}, taken for ${classes[column]}`,
      to: rows / most,
      value: count(rows),
    })),
  );
  return list;
}

function scatter(points: readonly { readonly truth: number; readonly predicted: number }[]) {
  const [width, height, left, bottom] = [440, 320, 60, 26];
  const values = points.flatMap(({ truth, predicted }) => [truth, predicted]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const share = (value: number) => (value - least) / (most - least || 1);
  const x = (value: number) => left + share(value) * (width - left - 8);
  const y = (value: number) => height - bottom - share(value) * (height - bottom - 8);
  const svg = drawn("svg", {
    ...{ class: "chart tall", viewBox: `0 0 ${width} ${height}`, role: "img" },
    "aria-label": `Predicted numbers of ${points.length} test rows against the true ones`,
  });
  for (const tick of ticks(least, most)) {
    svg.append(
      drawn("line", { class: "grid", x1: left, x2: width - 8, y1: y(tick), y2: y(tick) }),
      drawn("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, plain(tick)),
      drawn("text", { x: x(tick), y: height - 6, "text-anchor": "middle" }, plain(tick)),
    );
  }
  svg.append(
    drawn("line", { class: "ideal", x1: x(least), y1: y(least), x2: x(most), y2: y(most) }),
    ...points.map(({ truth, predicted }) =>
      drawn("circle", { class: "dot", cx: x(truth), cy: y(predicted), r: 3 })
    ),
  );
  return svg;
}

/** Shows which columns the ensemble needs, and by how much. */
export function showImportance(
  measure: string,
  rows: number,
  columns: readonly ImportanceNews[],
): void {
  const first = columns.toSorted((a, b) => b.loss - a.loss).slice(0, MOST_BARS);
  const most = Math.max(...first.map(({ loss, high }) => Math.max(loss, high)), 1e-9);
  const left = columns.length - first.length;
  byId("importance-facts").textContent =
    `The ${measure} that is lost where a column’s values change ` +
    `places between ${counted(rows, "test row")}, with its 95 % interval.` +
    (left > 0
      ? ` ${counted(left, "column")} of less importance ${left === 1 ? "is" : "are"} left out.`
      : "");
  const list = byId("importance");
  list.classList.add("needed");
  showBars(
    list,
    first.map(({ column, loss, low, high }) => ({
      name: column,
      to: loss / most,
      value: measure === "accuracy" ? percent(Math.max(0, loss)) : Math.max(0, loss).toFixed(3),
      interval: [low / most, high / most],
    })),
  );
}
