/**
 * Every part of a sentence with a figure of Table 1's runs in results/README.md, and its table of
 * differences. Whether something is shown follows from the findings of the reports.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Finding } from "../../../lib/reports/mod.ts";
import { compare, orderFindings } from "../../../lib/experiments/paper/paired_order.ts";
import { table1 } from "../../../lib/experiments/paper/tables/mod.ts";
import { mean } from "../../../lib/statistics/mod.ts";
import {
  difference,
  extent,
  extentText,
  finding,
  fixed,
  gain,
  modelKey,
  range,
  record,
  type RecordOfAny,
  records,
  SHOWN,
  spread,
  WORDS,
} from "../records.ts";

const GESTURE = "table1/gesture-phase";
const PROPOSED = ["RD-TSE", "FD-TSE", "Dist-TSE (λ = 1.5)"];
const METHODS = ["rd", "fd", "dist"];

const rowsOf = (path: string): RecordOfAny[] => record(`${path}/table1.json`).tables.table1;

/** A row of Table 1 as the paper has it, if nothing else is said. */
function rowOf(path: string, method: string, learningRate: number | null, epsilon: number | null) {
  return rowsOf(path).find((row) =>
    row.method === method && row.learningRate === learningRate && row.epsilon === epsilon &&
    row.refinement === null
  );
}

/** Accuracies in percent by seed. */
function bySeed(runs: RecordOfAny[], wanted: Record<string, unknown>): Map<string, number> {
  return new Map(
    runs.filter(({ config }) =>
      Object.entries(wanted).every(([key, value]) => config[key] === value)
    ).map(({ config, record }) => [`${config.seed}`, 100 * record.accuracy]),
  );
}

/** The differences of RD, FD and Dist to EDST where both refine plainly. */
function plainFindings(): Finding[] {
  const [ours, others] = ["table3/gesture-phase", GESTURE].map((path) =>
    records(`${path}/runs.jsonl`)
  );
  const wanted = { epsilon: 20, refinement: "plain" };
  return orderFindings(METHODS.map((method) => ({
    claim: method,
    comparison: compare(
      bySeed(ours, { ...wanted, method }),
      bySeed(others, { ...wanted, method: "edst" }),
    ),
  })));
}

/** The differences at the paper's schedules and at equal ones, as findings. */
function scheduleFindings(): { schedule: string; where: string; findings: Finding[] }[] {
  const report = `${GESTURE}/table1.json`;
  const of = (baseline: string, where: string) =>
    PROPOSED.map((name) => finding(report, `${name} is more accurate than ${baseline}${where}`));
  const comprehensive = rowsOf(GESTURE).some(({ refinement }) => refinement !== null);
  const places = [["all ε", ", all ε together"], ["ε = 20", " at ε = 20"]] as const;
  return [
    ...["EDST_RG", ...comprehensive ? ["EDST_RG, comprehensive"] : []].flatMap((baseline, b) =>
      places.map(([where, claim]) => ({
        schedule: b === 0 ? "as in the paper" : "both comprehensive",
        where,
        findings: of(baseline, claim),
      }))
    ),
    { schedule: "both plain", where: "ε = 20", findings: plainFindings() },
  ];
}

/** The table of differences to EDST, without its head. */
export function differenceTable(): string[][] {
  return scheduleFindings()
    .filter(({ findings }) => findings.some(({ numbers }) => numbers !== undefined))
    .map(({ schedule, where, findings }) => {
      const counts = findings.flatMap(({ numbers }) => numbers?.count ?? []);
      return [schedule, where, extentText(counts), ...findings.map(difference)];
    });
}

/** What is said of the static network at η = 0.1 beside the ensembles that refine comprehensively. */
function leadOfStatic(runs: RecordOfAny[]): string {
  const single = bySeed(runs, { method: "static", learningRate: 0.1, epsilon: 20 });
  const wanted = { epsilon: 20, refinement: "comprehensive" };
  const findings = orderFindings(["edst", ...METHODS].map((method) => ({
    claim: method,
    comparison: compare(single, bySeed(runs, { ...wanted, method })),
  })));
  assert.ok(findings.every(({ verdict }) => verdict === "open"));
  const [edst, rd, fd, dist] = findings.map(({ numbers }) => fixed(numbers!.difference, 1));
  return `Its lead over the ensembles with comprehensive refinement is ${edst} (EDST), ${rd} (RD), ` +
    `${fd} (FD) and ${dist} (Dist) points, not shown for any of the four`;
}

/** What runs with the same settings and seed differ by: some of them ran again with later kernels. */
function rerunSpread(runs: RecordOfAny[]): string {
  const later = records("seeds/table1/gesture-phase/runs.jsonl");
  const pairs = later.flatMap((line) => {
    const { seed } = line.config;
    const own = runs.find((run) => modelKey(run) === modelKey(line) && run.config.seed === seed);
    return own === undefined
      ? []
      : [{ seed, off: 100 * Math.abs(own.record.accuracy - line.record.accuracy) }];
  });
  assert.ok(pairs.filter(({ seed }) => seed > 3).every(({ off }) => off === 0));
  const again = pairs.filter(({ seed }) => seed <= 3);
  return `the ${
    WORDS[again.length]
  } runs of the static network with the first three seeds differ ` +
    `by up to ${ceiling(Math.max(...again.map(({ off }) => off)))} points each`;
}

/** What is said of Table 1 on Gesture Phase with native kernels. */
export function tableOneClaims(): string[] {
  const report = `${GESTURE}/table1.json`;
  const { selection } = record(`${GESTURE}/selection.json`);
  const runs = records(`${GESTURE}/runs.jsonl`);
  const needed = table1.configs(selection).length;
  const row = (method: string, rate: number | null, epsilon: number | null = 20) =>
    rowOf(GESTURE, method, rate, epsilon);
  const equal = scheduleFindings().filter(({ schedule }) => schedule !== "as in the paper")
    .flatMap(({ findings }) => findings).filter(({ numbers }) => numbers !== undefined);
  const shown = equal.filter(({ verdict }) => verdict !== "open").length;
  assert.equal(shown, 0);

  const ensembles = ["rd", "fd", "dist", "edst"].map((method) => row(method, null));
  const [set, slow, fast] = [row("set", 0.01), row("static", 0.01), row("static", 0.1)];
  const isSparse = ({ epsilon }: RecordOfAny) => epsilon !== null;
  const best = Math.max(...rowsOf(GESTURE).filter(isSparse).map(({ accuracy }) => accuracy));
  assert.equal(fast.accuracy, best);
  const against = (single: string, rate: number) =>
    finding(report, `EDST_RG is more accurate than the ${single} with η = ${rate} at ε = 20`);
  for (const name of ["SET-MLP", "single static sparse model"]) {
    assert.equal(SHOWN[against(name, 0.01).verdict], "shown");
  }
  const atOwnRate = (single: string) => {
    const { verdict, numbers } = against(single, 0.1);
    return `${gain(numbers!.difference)} points, ${SHOWN[verdict]}`;
  };
  const dense = rowsOf(GESTURE).filter(({ epsilon }) => epsilon === null);
  const atPaper = dense.filter(({ learningRate }) => [null, 0.001].includes(learningRate));
  const lead = METHODS.flatMap((method) =>
    atPaper.map(({ accuracy }) => row(method, null).accuracy - accuracy)
  );
  const others = [0.01, 0.1].map((rate) => row("dense", rate, null));
  const config = runs.find(({ config }) => config.method === "dense").config;
  const penalty = (rate: number) =>
    Number((config.weightDecay * (1 - config.momentum) / rate).toPrecision(3));
  const [lowest] = rowsOf(GESTURE).filter(({ publishedAccuracy }) => publishedAccuracy !== null)
    .sort((a, b) => a.accuracy - a.publishedAccuracy - (b.accuracy - b.publishedAccuracy));
  assert.deepEqual(lowest, slow);
  assert.ok(lowest.accuracy >= lowest.publishedAccuracy - 1, "no mean is a point below");
  const minutes = (wanted: (method: string) => boolean) =>
    fixed(
      runs.filter(({ config }) => wanted(config.method))
        .reduce((sum, { record }) => sum + record.seconds.cpu / 60, 0),
      1,
    );
  const sparse = runs.filter(({ config }) => !config.method.startsWith("dense"));
  return [
    ...runs.length === needed ? [] : [
      `${runs.length} of the ${needed} runs of seeds ${selection.seeds.join(", ")}`,
    ],
    `Of the ${equal.length} differences at equal schedules none is shown`,
    `The ensembles are ${extentText(ensembles.map((row) => row.accuracy - set.accuracy))} points ` +
    `ahead of SET-MLP at η = 0.01`,
    `EDST against SET-MLP has ${atOwnRate("SET-MLP")}, and against the static network ` +
    atOwnRate("single static sparse model"),
    `the highest mean of all sparse models (${
      fixed(fast.accuracy, 1)
    }, the best ensemble at ε = 20 ` +
    `${fixed(Math.max(...ensembles.map(({ accuracy }) => accuracy)), 1)})`,
    leadOfStatic(runs),
    rerunSpread(runs),
    `RD, FD and Dist are ${extentText(lead)} points ahead of the dense networks at the paper's ` +
    `η = 0.001`,
    `takes ${config.weightDecay} of every weight away`,
    `an L2 penalty of ${penalty(0.001)} at η = 0.001, ${penalty(0.01)} at 0.01 and ` +
    `${penalty(0.1)} at 0.1`,
    ...others.map((row, i) =>
      row === undefined || row.accuracy === null
        ? `At η = ${[0.01, 0.1][i]} the dense network is not run yet`
        : `at η = ${row.learningRate} the dense network has ${fixed(row.accuracy, 1)} ` +
          `(one run, ${row.accuracy > best ? "more" : "less"} than the highest mean`
    ),
    `(${fixed(slow.accuracy, 2)} against ${slow.publishedAccuracy})`,
    `All ${runs.length} runs together took ${minutes(() => true)} minutes of one core, the ` +
    `${sparse.length} sparse ones ${minutes((method) => !method.startsWith("dense"))}`,
  ];
}

/** What is said of the other runs of Table 1: WebAssembly, nine seeds, HIGGS. */
export function otherTableOneClaims(): string[] {
  const runs = records("wasm/table1/gesture-phase/runs.jsonl");
  const native = records(`${GESTURE}/runs.jsonl`);
  const meanOf = (lines: RecordOfAny[], name: string) =>
    mean(
      lines.filter((line) => modelKey(line) === name && line.config.seed <= 3)
        .map(({ record }) => 100 * record.accuracy),
    );
  const differences = [...new Set(runs.map(modelKey))].map((name) =>
    Math.abs(meanOf(runs, name) - meanOf(native, name))
  );
  const low = rowsOf("wasm/table1/gesture-phase").filter(({ publishedAccuracy, accuracy }) =>
    publishedAccuracy !== null && accuracy < publishedAccuracy - 1
  );
  assert.deepEqual(low.map(({ method }) => method), ["static"]);
  const minutes = runs.reduce((sum, { record }) => sum + record.seconds.cpu / 60, 0);
  const [rdAhead, fdAhead, distAhead] = PROPOSED.map((name) =>
    finding(
      "wasm/table1/gesture-phase/table1.json",
      `${name} is more accurate than EDST_RG, all ε together`,
    )
  ).map(difference);
  const [slow, fast] = rowsOf("seeds/table1/gesture-phase");
  const higgs = "table1/higgs-subset";
  const of = (method: string, epsilon: number | null, rate: number | null = null) =>
    rowOf(higgs, method, rate, epsilon);
  const ahead = (method: string) =>
    mean([10, 20].map((epsilon) => of(method, epsilon).accuracy - of("edst", epsilon).accuracy));
  const dense = of("dense", null, 0.001);
  const ensembles = [...METHODS, "edst"].map((method) => of(method, 20));
  assert.equal(of("dense", null, 0.01), undefined);
  const { findings } = record(`${higgs}/table1.json`);
  assert.ok(findings.every(({ numbers }: Finding) => numbers === undefined));
  return [
    `[same ${runs.length} runs]`,
    `They took ${fixed(minutes, 0)} minutes of the processor`,
    `No mean of these seeds differs by more than ${ceiling(Math.max(...differences))} points`,
    `that is more than a point too low (${fixed(low[0].accuracy, 1)})`,
    `at all ε by ${rdAhead}, ${fdAhead}, and ${distAhead}`,
    `η = 0.01 has ${spread(slow.accuracy, slow.accuracyDeviation)}. ` +
    `That is ${fixed(slow.publishedAccuracy - slow.accuracy, 1)} below`,
    `it has ${spread(fast.accuracy, fast.accuracyDeviation)}`,
    `FD-TSE is ${fixed(ahead("fd"), 1)} and Dist-TSE ${fixed(ahead("dist"), 1)} points ahead`,
    `The ensembles are ${
      extentText(ensembles.map(({ accuracy }) => accuracy - dense.accuracy))
    } points ahead of the dense network at η = 0.001`,
    `(${extentText(ensembles.map((row) => row.minutes))} minutes against ${
      fixed(dense.minutes, 0)
    })`,
    `at η = 0.1 SET-MLP has ${fixed(of("set", 20, 0.1).accuracy, 1)} and the static network ` +
    `${fixed(of("static", 20, 0.1).accuracy, 1)}, the ensembles at ε = 20 ` +
    range(...extent(ensembles.map(({ accuracy }) => accuracy))),
  ];
}

/** A bound that nothing exceeds, to a tenth. */
const ceiling = (value: number) => fixed(Math.ceil(value * 10) / 10, 1);
