/**
 * Shows the table: the choice of a file, its first rows, and the choice of the target.
 *
 * @module
 */
import type { DescribedTarget, OpenedTable, Task } from "../messages.ts";
import { byId, element, showFacts, showMessage } from "./elements.ts";
import { count, counted, size } from "./numbers.ts";
import { inlined } from "./worker_link.ts";

/** The largest file that is read, in bytes. A compressed table may be several times as large. */
const MOST_BYTES = 64 * 2 ** 20;

/** The name of the built-in table, and its target. */
const [BUILTIN, BUILTIN_TARGET] = ["segment.csv.gz", "class"];

/** The requests of the view. */
export interface TableListener {
  open(name: string, bytes: Uint8Array): void;
  describe(target: string): void;
  train(target: string, task: Task, members: number): void;
}

/** The view. */
export interface TableView {
  show(table: OpenedTable): void;
  describe(described: DescribedTarget): void;
  fail(message: string): void;
  failChoice(message: string): void;
  /** Forbids another choice while training goes on, or allows it. */
  lock(isLocked: boolean): void;
}

/** Opens the view. */
export function tableView(listener: TableListener): TableView {
  const target = byId<HTMLSelectElement>("target");
  const file = byId<HTMLInputElement>("file");
  const drop = byId("drop");
  let isLocked = false;

  async function take(chosen: File | undefined): Promise<void> {
    if (chosen === undefined || isLocked) return;
    showMessage(byId("table-error"), null);
    if (chosen.size > MOST_BYTES) {
      return fail(
        `Cannot take "${chosen.name}": found ${size(chosen.size)}, need at most ` +
          `${
            MOST_BYTES / 2 ** 20
          } MB; the command line takes tables of any size: deno task train FILE`,
      );
    }
    try {
      listener.open(chosen.name, new Uint8Array(await chosen.arrayBuffer()));
    } catch (error) {
      fail(`Cannot read "${chosen.name}": ${(error as Error).message}`);
    }
  }

  function fail(message: string): void {
    byId("table-view").hidden = true;
    showMessage(byId("table-error"), message);
  }

  file.addEventListener("change", async () => {
    await take(file.files?.[0]);
    // The value is cleared, so that the same file can be chosen again after a change.
    file.value = "";
  });
  byId("builtin").addEventListener("click", () => {
    if (isLocked) return;
    showMessage(byId("table-error"), null);
    listener.open(BUILTIN, inlined("builtin-table"));
  });
  // A file that is dropped elsewhere would replace the page.
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) drop.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take(event.dataTransfer?.files[0]);
  });
  target.addEventListener("change", () => {
    showMessage(byId("choice-error"), null);
    markColumn(target.selectedIndex - 1);
    if (target.value !== "") listener.describe(target.value);
    else byId("target-facts").textContent = "";
  });
  byId("choice").addEventListener("submit", (event) => {
    event.preventDefault();
    if (target.value === "") {
      showMessage(
        byId("choice-error"),
        "Cannot train yet: found no target, need the column to predict. Choose one above.",
      );
      return target.focus();
    }
    showMessage(byId("choice-error"), null);
    const task = document.querySelector<HTMLInputElement>("[name=task]:checked")!.value as Task;
    listener.train(target.value, task, Number(byId<HTMLSelectElement>("members").value));
  });

  return {
    show(table) {
      byId("table-view").hidden = false;
      showMessage(byId("choice-error"), null);
      byId("target-facts").textContent = "";
      showFacts(
        byId("table-facts"),
        `*${table.name}* has ${counted(table.rows, "row")} of ${
          counted(table.columns.length, "column")
        }, ${size(table.bytes)} in all. It begins with:`,
      );
      showPreview(table);
      target.replaceChildren(
        element("option", { value: "", text: "Choose …" }),
        ...table.columns.map((name) => element("option", { value: name, text: name })),
      );
      if (table.name !== BUILTIN || !table.columns.includes(BUILTIN_TARGET)) return;
      target.value = BUILTIN_TARGET;
      target.dispatchEvent(new Event("change"));
    },
    describe({ target: name, rows, different, task }) {
      if (name !== target.value) return;
      document.querySelector<HTMLInputElement>(`[name=task][value=${task}]`)!.checked = true;
      showFacts(
        byId("target-facts"),
        `*${name}* has ${count(different)} different values in ${counted(rows, "row")}.`,
      );
    },
    fail,
    failChoice: (message) => showMessage(byId("choice-error"), message),
    lock(next) {
      isLocked = next;
      for (const id of ["train", "builtin", "file", "target", "members"]) {
        byId<HTMLButtonElement>(id).disabled = next;
      }
    },
  };
}

function showPreview({ columns, preview }: OpenedTable): void {
  const cells = (tag: "th" | "td", texts: readonly string[]) =>
    element("tr", {}, ...texts.map((text) => element(tag, { text })));
  byId("preview").replaceChildren(
    element("thead", {}, cells("th", columns)),
    element("tbody", {}, ...preview.map((row) => cells("td", row))),
  );
}

/** Marks a column of the preview. */
function markColumn(chosen: number): void {
  for (const row of byId<HTMLTableElement>("preview").rows) {
    [...row.cells].forEach((cell, column) => cell.classList.toggle("chosen", column === chosen));
  }
}
