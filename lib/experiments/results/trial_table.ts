import type { Trials } from "../../ensemble/mod.ts";
import type { Table } from "../../reports/mod.ts";
import { countOf, percentOf } from "./run_labels.ts";

/** The trials of a run as a table: the candidates, their scores, and the chosen and kept ones. */
export function trialTable({ heldOut, tried, together }: Trials): Table {
  const isClassifier = together.accuracy !== null;
  const scoreOf = ({ accuracy, loss }: Trials["together"]) =>
    isClassifier ? percentOf(accuracy) : loss.toPrecision(4);
  const chosen = tried.filter((one) => one.chosen);
  const ends = chosen.length > 1 ? [["the mixture of the chosen", "", scoreOf(together), ""]] : [];
  return {
    caption: `Tried with ${countOf(heldOut)} rows held out`,
    columns: [
      "tried",
      "members",
      isClassifier ? "accuracy (%)" : "loss",
      "",
    ],
    rows: [
      ...tried.map((one) => [
        candidateText(one.candidate),
        one.members.join(", "),
        scoreOf(one),
        one.kept ? "chosen, stay" : one.chosen ? "chosen" : "",
      ]),
      ...ends,
    ],
  };
}

/** A candidate in words, such as `"dropout 0.4, frequency 0.02"`. */
export function candidateText(candidate: Trials["tried"][number]["candidate"]): string {
  const words = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return Object.entries(candidate).map(([name, value]) => `${words(name)} ${value}`).join(", ") ||
    "the settings as they are";
}
