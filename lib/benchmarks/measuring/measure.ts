/**
 * Repeated measurement of alternatives. On a shared machine, speeds drift by tens of percent within
 * seconds. So the alternatives take turns (A B A B …), and a ratio of speeds is the median of the ratios
 * within rounds.
 *
 * @module
 */
import { countHardware, type HardwareCount, type HardwareCounter } from "../../counters/mod.ts";

const UNCOUNTED: HardwareCount = { hardware: null, event: null, reason: "no counter was opened" };

/** Options of {@linkcode measure}. Times are in milliseconds. */
export interface MeasureOptions {
  /** The time for which every alternative runs before it is measured; it runs at least once. */
  readonly warmUp?: number;
  /** The approximate time of a sample, in which an alternative is repeated. */
  readonly sample?: number;
  /** The time after which no new round begins. */
  readonly budget?: number;
  /** The smallest number of rounds, even beyond the budget. */
  readonly minRounds?: number;
  /** The largest number of rounds. */
  readonly maxRounds?: number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
  /** Counts one more run of every alternative in hardware, after all times have been taken. */
  readonly counter?: HardwareCounter | undefined;
}

/** The measurement of one alternative. Times are in milliseconds per run. */
export interface Measurement extends Quartiles {
  /** One time per round, in the order of the rounds. */
  readonly samples: readonly number[];
  /** The number of runs in a sample. */
  readonly repeats: number;
  /** The hardware's count of one run. */
  readonly hardware: HardwareCount;
}

/** The distribution of some numbers. */
export interface Quartiles {
  readonly least: number;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

/**
 * Measures alternatives in rounds. Every alternative runs once per round.
 *
 * @returns One measurement per alternative, all with the same number of samples.
 */
export function measure<Name extends string>(
  alternatives: Readonly<Record<Name, () => unknown>>,
  options: MeasureOptions = {},
): Record<Name, Measurement> {
  const { warmUp = 20, sample = 5, budget = 500, minRounds = 5, maxRounds = 200 } = options;
  const now = options.now ?? (() => performance.now());
  const cases = (Object.keys(alternatives) as Name[]).map((name) => {
    const run = alternatives[name];
    const began = now();
    let runs = 0;
    do {
      run();
      runs++;
    } while (now() - began < warmUp);
    const each = (now() - began) / runs;
    const repeats = Math.max(1, Math.round(sample / Math.max(each, 1e-6)));
    return { name, run, repeats, samples: [] as number[] };
  });
  const began = now();
  for (let round = 0; round < maxRounds; round++) {
    if (round >= minRounds && now() - began >= budget) break;
    for (const { run, repeats, samples } of cases) {
      const started = now();
      for (let r = 0; r < repeats; r++) run();
      samples.push((now() - started) / repeats);
    }
  }
  const { counter } = options;
  const measurements = {} as Record<Name, Measurement>;
  for (const { name, run, repeats, samples } of cases) {
    const hardware = counter === undefined ? UNCOUNTED : countHardware(counter, run).count;
    measurements[name] = { ...quartiles(samples), samples, repeats, hardware };
  }
  return measurements;
}

/**
 * The quartiles of some numbers, interpolated linearly between neighbours.
 *
 * @throws {RangeError} If `numbers` is empty.
 */
export function quartiles(numbers: readonly number[]): Quartiles {
  if (numbers.length === 0) throw new RangeError("Cannot take quartiles of no numbers");
  const sorted = Float64Array.from(numbers).sort();
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  };
  return { least: sorted[0], lower: at(0.25), median: at(0.5), upper: at(0.75) };
}

/**
 * The speed of `a` as a multiple of that of `b`: the quartiles over rounds of b's time / a's time.
 *
 * @throws {RangeError} If the two have different numbers of rounds.
 */
export function speedUp(a: Measurement, b: Measurement): Quartiles {
  if (a.samples.length !== b.samples.length) {
    throw new RangeError(
      `Cannot compare ${a.samples.length} samples with ${b.samples.length}: need the same rounds`,
    );
  }
  return quartiles(a.samples.map((time, round) => b.samples[round] / time));
}
