/**
 * The script of the page. It opens the views, and passes requests and answers between them and the worker.
 *
 * @module
 */
import type { Answer, Outcome } from "../messages.ts";
import { byId, showMessage } from "./elements.ts";
import { modelView } from "./model_view.ts";
import { duration, percent } from "./numbers.ts";
import { showImportance, showOutcome } from "./score_view.ts";
import { tableView } from "./table_view.ts";
import { trainingView } from "./training_view.ts";
import { tryView } from "./try_view.ts";
import { startWorker } from "./worker_link.ts";

/** The sections that belong to a trained ensemble. */
const RESULTS = ["outcome", "try", "keep"];

const worker = startWorker(hear, (message) => {
  showMessage(byId("table-error"), message);
  training.fail(message);
  table.lock(false);
});
const ask: Awaited<typeof worker>["ask"] = async (request) => (await worker).ask(request);

const table = tableView({
  open: (name, bytes) => ask({ type: "open", name, bytes }),
  describe: (target) => ask({ type: "describe", target }),
  train(target, task, members) {
    for (const id of RESULTS) byId(id).hidden = true;
    table.lock(true);
    hasBegun = false;
    training.wait();
    byId("training-title").focus({ preventScroll: true });
    byId("training").scrollIntoView();
    ask({ type: "train", target, task, members });
  },
});
const training = trainingView();
const tried = tryView((row) => ask({ type: "predict", row }));
const model = modelView(() => ask({ type: "save" }));

/** `true` after training has begun, which means that the table can be used. */
let hasBegun = false;

byId("stop").addEventListener("click", () => {
  byId<HTMLButtonElement>("stop").disabled = true;
  ask({ type: "stop" });
});

function hear(answer: Answer): void {
  switch (answer.type) {
    case "opened":
      for (const id of ["training", ...RESULTS]) byId(id).hidden = true;
      return table.show(answer.table);
    case "described":
      return table.describe(answer.described);
    case "began":
      hasBegun = true;
      return training.begin(answer.plan);
    case "epoch":
      return training.epoch(answer.news);
    case "layer":
      return training.layer(answer);
    case "scoring":
      return training.end("Training is finished. The test rows are being predicted …");
    case "finished":
      return finish(answer.outcome);
    case "importance":
      showImportance(answer.measure, answer.rows, answer.columns);
      return tried.order(answer.columns);
    case "no importance":
      byId("importance-facts").textContent =
        "Shuffling every column would take too long here. The command line does it: deno task importance.";
      return;
    case "stopped":
      table.lock(false);
      return training.end(
        "Stopped before the first member was finished. There is nothing to keep.",
        0,
      );
    case "predicted":
      return tried.show(answer.prediction);
    case "saved":
      return model.download(answer.name, answer.bytes);
    case "failed":
      return fail(answer);
  }
}

function finish(outcome: Outcome): void {
  table.lock(false);
  for (const id of RESULTS) byId(id).hidden = false;
  const { score } = outcome;
  const result = score.kind === "classes"
    ? `*${percent(score.accuracy)}* of the test rows are right`
    : `R² on the test rows is *${score.r2.toFixed(3)}*`;
  training.end(`Finished in ${duration(outcome.seconds)}: ${result}.`);
  showOutcome(outcome);
  tried.begin(outcome);
  model.show(outcome);
}

function fail({ request, message }: Extract<Answer, { type: "failed" }>): void {
  if (request === "open") return table.fail(message);
  if (request === "describe") return table.failChoice(message);
  if (request === "predict") return tried.fail(message);
  table.lock(false);
  if (request !== "train") return showMessage(byId("training-error"), message);
  if (hasBegun) return training.fail(message);
  // Another choice may work.
  byId("training").hidden = true;
  table.failChoice(message);
  byId("target").focus();
}
