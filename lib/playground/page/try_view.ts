/**
 * Shows rows to try: one control per column of the model, and the ensemble's prediction.
 *
 * @module
 */
import type { Cell, ImportanceNews, Outcome, Prediction, TriedColumn } from "../messages.ts";
import { showBars } from "./bars.ts";
import { byId, element } from "./elements.ts";
import { counted, percent, written } from "./numbers.ts";

/** The number of controls that are visible at first: those of the most important columns. */
const FIRST_CONTROLS = 8;

/** Classes that are shown with their probabilities. */
const MOST_CLASSES = 8;

/** The steps of a slider. */
const STEPS = 200;

/** A column's control. */
interface Control {
  readonly place: HTMLElement;
  /** Its cell. */
  read(): Cell;
  show(cell: Cell): void;
}

/** The view. */
export interface TryView {
  /** Begins with another ensemble. */
  begin(outcome: Outcome): void;
  /** Moves the most important columns to the front. */
  order(columns: readonly ImportanceNews[]): void;
  show(prediction: Prediction): void;
  /** Says why a row cannot be predicted. */
  fail(message: string): void;
}

/** Opens the view, which asks for the prediction of every row that is set. */
export function tryView(predict: (row: readonly Cell[]) => void): TryView {
  let outcome: Outcome | null = null;
  let controls: (Control | null)[] = [];
  let isAsked = false;
  let isWaiting = false;
  let turn = 0;

  /** Asks again only after the last answer has come, because a slider moves faster than answers come. */
  function ask(): void {
    isAsked = true;
    if (isWaiting || outcome === null) return;
    [isAsked, isWaiting] = [false, true];
    predict(controls.map((control) => control?.read() ?? null));
  }

  function takeRow(): void {
    if (outcome === null) return;
    const row = outcome.rows[turn++ % outcome.rows.length];
    controls.forEach((control, column) => control?.show(row.cells[column]));
    const truth = typeof row.truth === "string"
      ? row.truth
      : written(row.truth, outcome.targetNotation);
    byId("truth").textContent = `In the table, this row of the test is ${truth}.`;
    ask();
  }

  function place(order: readonly number[]): void {
    const used = order.flatMap((column) => controls[column]?.place ?? []);
    const [first, more] = [used.slice(0, FIRST_CONTROLS), used.slice(FIRST_CONTROLS)];
    byId("controls").replaceChildren(...first);
    byId("more-controls").replaceChildren(...more);
    byId("more").hidden = more.length === 0;
    byId("more").querySelector("summary")!.textContent = counted(more.length, "more column");
  }

  byId("next-row").addEventListener("click", takeRow);
  return {
    begin(next) {
      outcome = next;
      [turn, isWaiting] = [0, false];
      controls = next.columns.map((column, number) =>
        column && controlOf(column, `column-${number}`, () => {
          byId("truth").textContent = "";
          ask();
        })
      );
      place([...controls.keys()]);
      takeRow();
    },
    order(columns) {
      const order = columns.map((_, column) => column)
        .sort((a, b) => columns[b].loss - columns[a].loss);
      // The order stays if the person is already using a control.
      if (!byId("try").contains(document.activeElement)) place(order);
    },
    show(prediction) {
      isWaiting = false;
      showPrediction(prediction, outcome!);
      if (isAsked) ask();
    },
    fail(message) {
      isWaiting = false;
      byId("truth").textContent = message;
    },
  };
}

function showPrediction(prediction: Prediction, { score, targetNotation }: Outcome): void {
  if (prediction.kind === "number") {
    byId("answer").textContent = written(prediction.value, targetNotation);
    byId("probabilities").replaceChildren();
    return;
  }
  const classes = score.kind === "classes" ? score.classes : [];
  const sorted = prediction.probabilities.map((probability, label) => ({ label, probability }))
    .sort((a, b) => b.probability - a.probability);
  byId("answer").textContent = classes[sorted[0].label];
  showBars(
    byId("probabilities"),
    sorted.slice(0, MOST_CLASSES).map(({ label, probability }, k) => ({
      name: classes[label],
      to: probability,
      value: percent(probability),
      isFirst: k === 0,
    })),
  );
}

function controlOf(column: TriedColumn, id: string, onChange: () => void): Control {
  return column.kind === "number"
    ? slider(column, id, onChange)
    : select(column.name, column.categories, id, onChange);
}

function slider(
  { name, least, most, median, isWhole, notation }: Extract<TriedColumn, { kind: "number" }>,
  id: string,
  onChange: () => void,
): Control {
  const range = most - least || 1;
  const step = isWhole && range <= 10 * STEPS ? 1 : range / STEPS;
  const input = element("input", { id, type: "range" });
  const value = element("output", { for: id });
  // A slider only has the numbers of its steps. The row's exact number is kept until the slider is moved.
  let own: number | null = median;
  [input.min, input.max, input.step] = [`${least}`, `${most}`, `${step}`];
  const showValue = () => {
    value.textContent = own === null ? "missing" : written(own, notation);
    input.setAttribute("aria-valuetext", value.textContent);
  };
  input.addEventListener("input", () => {
    own = isWhole ? Math.round(input.valueAsNumber) : input.valueAsNumber;
    showValue();
    onChange();
  });
  const label = element(
    "label",
    { for: id },
    element("span", { class: "name", text: name, title: name }),
    value,
  );
  return {
    place: element("div", { class: "control" }, label, input),
    read: () => own,
    show(cell) {
      own = typeof cell === "number" ? cell : null;
      input.valueAsNumber = own ?? median;
      showValue();
    },
  };
}

function select(
  name: string,
  categories: readonly string[],
  id: string,
  onChange: () => void,
): Control {
  const input = element(
    "select",
    { id },
    ...categories.map((category, k) => element("option", { value: `${k}`, text: category })),
    element("option", { value: "missing", text: "(missing)" }),
  );
  input.addEventListener("change", onChange);
  const label = element(
    "label",
    { for: id },
    element("span", { class: "name", text: name, title: name }),
  );
  return {
    place: element("div", { class: "control" }, label, input),
    read: () => input.value === "missing" ? null : categories[Number(input.value)],
    show(cell) {
      const place = categories.indexOf(`${cell}`);
      input.value = cell === null || place < 0 ? "missing" : `${place}`;
    },
  };
}
