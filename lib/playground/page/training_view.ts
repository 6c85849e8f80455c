/**
 * Shows training: its progress, its loss and accuracy, and the first layer.
 *
 * @module
 */
import type { Answer, EpochNews, Plan } from "../messages.ts";
import { byId, element, showFacts, showMessage } from "./elements.ts";
import { firstLayerView } from "./first_layer_view.ts";
import { lineChart } from "./line_chart.ts";
import { count, counted, duration, percent, plain } from "./numbers.ts";

/** The view. */
export interface TrainingView {
  /** Begins anew, before anything is known. */
  wait(): void;
  begin(plan: Plan): void;
  epoch(news: EpochNews): void;
  layer(answer: Extract<Answer, { type: "layer" }>): void;
  /**
   * Shows the end of training, with a sentence on the outcome.
   *
   * @param share The finished share of the work. Left out: all of it.
   */
  end(sentence: string, share?: number): void;
  fail(message: string): void;
}

/** Opens the view. */
export function trainingView(): TrainingView {
  const progress = byId<HTMLProgressElement>("progress");
  const loss = lineChart(byId<SVGSVGElement>("loss-chart"), (value) => plain(value, 3));
  const accuracy = lineChart(
    byId<SVGSVGElement>("accuracy-chart"),
    (value) => percent(value, 0),
    1,
  );
  const layer = firstLayerView();
  const stop = byId<HTMLButtonElement>("stop");
  let plan: Plan | null = null;
  let last: EpochNews | null = null;
  const announce = (sentence: string) => byId("announced").textContent = sentence;
  const status = (sentence: string) => showFacts(byId("status"), sentence);

  function describeCharts(): void {
    if (last === null) return;
    const held = last.heldOutLoss === null
      ? ""
      : `, on held-out rows ${plain(last.heldOutLoss, 3)}`;
    loss.describe(`Loss by epoch. At last: ${plain(last.loss, 3)}${held}`);
    if (last.accuracy === null) return;
    const right = last.heldOutAccuracy === null
      ? ""
      : `, on held-out rows ${percent(last.heldOutAccuracy)}`;
    accuracy.describe(`Accuracy by epoch. At last: ${percent(last.accuracy)}${right}`);
  }

  return {
    wait() {
      byId("training").hidden = false;
      showMessage(byId("training-error"), null);
      byId("remarks").hidden = true;
      progress.removeAttribute("value");
      stop.hidden = false;
      stop.disabled = false;
      [plan, last] = [null, null];
      status("The table is being read …");
    },
    begin(next) {
      plan = next;
      progress.value = 0;
      loss.clear(next.epochs);
      accuracy.clear(next.epochs);
      byId("accuracy-figure").hidden = next.task === "regression";
      byId("loss-facts").hidden = next.task === "regression";
      byId("remarks").replaceChildren(...next.remarks.map((text) => element("li", { text })));
      byId("remarks").hidden = next.remarks.length === 0;
      const share = percent(next.connections / next.denseConnections);
      status(
        `Learning from *${count(next.trainingRows)}* rows, with ${
          count(next.heldOutRows)
        } held out ` +
          `and ${count(next.testRows)} kept for the test. A network has ` +
          `*${count(next.connections)}* connections, ${share} of a dense one.`,
      );
      announce(`Training has begun: ${counted(next.members, "member")}.`);
    },
    epoch(news) {
      if (plan === null) return;
      if (last !== null && news.member > last.member) {
        loss.mark(last.epoch);
        accuracy.mark(last.epoch);
        announce(
          `Member ${last.member + 1} of ${plan.members} is finished` +
            (last.heldOutAccuracy === null
              ? "."
              : `: ${percent(last.heldOutAccuracy)} of the held-out rows are right.`),
        );
      }
      last = news;
      progress.value = news.epoch / news.epochs;
      loss.add(news.epoch, news.loss, news.heldOutLoss);
      accuracy.add(news.epoch, news.accuracy, news.heldOutAccuracy);
      const left = news.seconds / news.epoch * (news.epochs - news.epoch);
      const score = news.heldOutAccuracy === null
        ? `loss *${plain(news.heldOutLoss ?? news.loss, 3)}*`
        : `held-out rows *${percent(news.heldOutAccuracy)}*`;
      status(
        `Member *${
          news.member + 1
        }* of ${plan.members} · epoch ${news.epoch} of ${news.epochs} · ` +
          `${score} · ${left < 1 ? "nearly done" : `about ${duration(Math.ceil(left))} left`}`,
      );
    },
    layer: ({ news }) => layer.show(news),
    end(sentence, share = 1) {
      progress.value = share;
      stop.hidden = true;
      status(sentence);
      announce(`${sentence.replaceAll("*", "")} ${layer.words}`);
      describeCharts();
    },
    fail(message) {
      progress.value = 0;
      stop.hidden = true;
      status("");
      showMessage(byId("training-error"), message);
    },
  };
}
