/** A model as lines of text: its facts and its topology, on one screen or in full. */
import type { autoencoder, Model } from "../../../mod.ts";
import { countOf } from "../../../lib/experiments/results/mod.ts";
import { printable, quoted, quotedPath } from "../../../lib/messages.ts";
import type { Inspection, LayerInspection, Spread } from "../../../lib/model/mod.ts";
import { type Column, tableOf } from "../../../lib/reports/mod.ts";
import { mean } from "../../../lib/statistics/mod.ts";
import { notationText } from "../../../lib/data/table/mod.ts";
import { errorText, percent, plainTable } from "../result_table.ts";

/** Lines about a model and the columns it reads. */
export function modelLines(model: Model, all: boolean): string[] {
  const { settings, strategy, target, classes, targetScaling, temperature, conformal } = model;
  const { targetNotation } = model;
  const { name = "", path, sha256 } = strategy ?? {};
  const file = path === undefined ? "" : `, from ${quotedPath(path)} with SHA-256 ${sha256}`;
  const recipe = settings.recipe === "modern" ? "Modern recipe, method" : "Method";
  return [
    ...strategy === undefined ? [] : [`Strategy ${quoted(name)}${file}`],
    `${recipe} ${settings.method}, seed ${settings.seed}, target ${quoted(target)}`,
    targetScaling === undefined
      ? `Classes: ${some(classes, all)}`
      : `Predicts numbers: mean ${errorText(targetScaling.mean)}, deviation ${
        errorText(targetScaling.deviation)
      }`,
    ...targetNotation === undefined
      ? []
      : [`The training table had ${notationText(targetNotation)} as targets`],
    ...temperature === undefined
      ? []
      : [`Probabilities are calibrated: temperature ${temperature.toPrecision(3)}`],
    ...conformal === undefined ? [] : [conformalLine(conformal)],
    `Columns: ${some(model.preprocessing.featureNames, all)}`,
  ];
}

/** Lines about an autoencoder and the columns it reads. */
export function autoencoderLines(
  { settings, strategy, preprocessing, members }: autoencoder.Autoencoder,
  all: boolean,
): string[] {
  const { method, seed, corruption, noise } = settings;
  const errors = members.flatMap(({ validationLoss }) => validationLoss ?? []);
  return [
    ...strategy === undefined ? [] : [`Strategy ${quoted(strategy.name ?? "")}`],
    `Autoencoder, method ${method}, seed ${seed}`,
    corruption === undefined
      ? "Inputs are not corrupted in training"
      : `Inputs are corrupted in training: ${corruption} ${noise}`,
    ...errors.length === 0
      ? []
      : [`Mean squared error on held-out rows, of scaled columns: ${mean(errors).toPrecision(3)}`],
    `Columns: ${some(preprocessing.featureNames, all)}`,
  ];
}

function conformalLine({ coverage, rows }: NonNullable<Model["conformal"]>): string {
  return `Intervals or class sets hold ${percent(coverage)} of new rows, by ${rows} held-out rows`;
}

/** The largest number of names in a short list. */
const MOST_NAMES = 10;

function some(names: readonly string[], all: boolean): string {
  const shown = all ? names : names.slice(0, MOST_NAMES);
  const more = names.length - shown.length;
  return shown.map(printable).join(", ") + (more === 0 ? "" : ` and ${more} more (--all)`);
}

/** The topology of all members together: on one screen. */
export function topologyLines({ members, overlaps }: Inspection): string[] {
  const votes = members.flatMap(({ vote }) => vote === undefined ? [] : [vote]);
  const scores = members.flatMap(({ validationAccuracy }) => validationAccuracy ?? []);
  const valid = scores.length === 0
    ? ""
    : `; validation ${
      [...new Set([Math.min(...scores), Math.max(...scores)].map(percent))].join(" to ")
    }`;
  const numbers = members.map(({ number }) => number);
  const first = `${members.length === 1 ? "Member" : `${members.length} members:`} ${
    ranges(numbers)
  }${valid}`;
  // Members of different depths or sizes have no layers in common.
  const shapes = new Set(members.map(({ layers }) => layers.map(({ shape }) => shape).join()));
  const [{ layers }] = members;
  const alike = members.filter((own) =>
    own.layers.map(({ shape }) => shape).join() === layers.map(({ shape }) => shape).join()
  );
  const table = tableOf<readonly LayerInspection[], string>(
    layers.map((_, l) => alike.map((member) => member.layers[l])),
    [
      ["layer", ([layer]) => {
        const blocks = layer.blockSize === 1 ? "" : `, G ${layer.blockSize}`;
        return `${layers.indexOf(layer) + 1} ${layer.kind}${blocks}`;
      }],
      ["size", ([{ shape }]) => `${shape[1]} → ${shape[0]}`],
      ["weights", (own) => countOf(mean(own.map(({ nnz }) => nnz)))],
      ["density", (own) => percent(mean(own.map(({ density }) => density)))],
      ["in", (own) => meanOf(own.map(({ incoming }) => incoming.median))],
      ["out", (own) => meanOf(own.map(({ outgoing }) => outgoing.median))],
      ...members.length < 2 || overlaps.length === 0 ? [] : [sharedColumn(overlaps, layers)],
    ],
  );
  return [
    first,
    ...votesLines(votes),
    plainTable(table.columns, table.rows),
    "Means over the members; in: inputs of an output neuron, out: outputs of an input neuron" +
    (table.columns.length > 6 ? "; shared: connections of a member that another one has" : ""),
    ...shapes.size === 1 ? [] : [
      `${alike.length} of ${members.length} members ${
        alike.length === 1 ? "has" : "have"
      } these sizes: there are no overlaps`,
    ],
    "--all shows every member, and the overlaps of every pair",
  ];
}

/** The shares of the members' answers, if they are not equal. */
export function votesLines(votes: readonly number[]): string[] {
  if (votes.length === 0) return [];
  return [
    `Votes of the members, in this order: ${votes.map((vote) => vote.toFixed(3)).join(", ")}`,
  ];
}

/** Joins consecutive numbers: "3, 7, 17 to 28". */
function ranges(numbers: readonly number[]): string {
  const runs: number[][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) =>
    from === to ? `${from}` : `${from}${to === from + 1 ? "," : " to"} ${to}`
  ).join(", ");
}

function meanOf(values: readonly number[]): string {
  return `${Number(mean(values).toFixed(1))}`;
}

/** The column of the connections that two members share, on average. */
function sharedColumn(
  overlaps: Inspection["overlaps"],
  layers: readonly LayerInspection[],
): Column<readonly LayerInspection[], string> {
  return ["shared", (own) => {
    const table = overlaps[layers.indexOf(own[0])];
    return percent(mean(table.flatMap((row, m) => row.filter((_, other) => other !== m))));
  }];
}

/** Every layer of every member, and the overlaps of every pair of members. */
export function wholeTopologyLines({ members, overlaps }: Inspection): string[] {
  const spread = ({ least, median, most }: Spread) => `${least} – ${median} – ${most}`;
  const ofMembers = members.flatMap(({ number, epoch, validationAccuracy, vote, layers }) => {
    const valid = validationAccuracy === null ? "" : `, validation ${percent(validationAccuracy)}`;
    const { columns, rows } = tableOf<LayerInspection, string | number>(layers, [
      ["layer", (layer) => `${layers.indexOf(layer) + 1} (${layer.kind})`],
      ["inputs → outputs", ({ shape }) => `${shape[1]} → ${shape[0]}`],
      ["G", ({ blockSize }) => blockSize],
      ["weights", ({ nnz }) => countOf(nnz)],
      ["density", ({ density }) => percent(density)],
      ["inputs per neuron", ({ incoming }) => spread(incoming)],
      ["outputs per neuron", ({ outgoing }) => spread(outgoing)],
    ]);
    const counts = vote === undefined ? "" : `, vote ${vote.toFixed(3)}`;
    return [`Member ${number}: epoch ${epoch}${valid}${counts}`, plainTable(columns, rows), ""];
  });
  const names = members.map(({ number }) => `member ${number}`);
  const ofPairs = members.length < 2 ? [] : overlaps.flatMap((table, l) => [
    `\nLayer ${l + 1}: share of a member's connections (row) that another has too (column)`,
    plainTable(["", ...names], table.map((row, m) => [names[m], ...row.map(percent)])),
  ]);
  return [
    ...ofMembers,
    "(degrees: least – median – most; G: neighbouring outputs that share their inputs)",
    ...overlaps.length === 0 ? ["The members' layers differ in size: no overlaps"] : [],
    ...ofPairs,
  ];
}
