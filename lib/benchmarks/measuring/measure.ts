/**
 * Repeated measurement of alternatives. On a machine that others use too, speeds drift by tens of
 * percent within seconds; so the alternatives take turns (A B A B …), and a ratio is the median of the
 * ratios within rounds.
 *
 * @module
 */
import { countHardware, type HardwareCount, type HardwareCounter } from "../../counters/mod.ts";

/** Without a counter. */
const UNCOUNTED: HardwareCount = { hardware: null, event: null, reason: "no counter was opened" };

/** How long and how often to measure. Times are in milliseconds. */
export interface MeasureOptions {
  /** Each alternative runs at least this long, and at least once, before anything counts. */
  readonly warmUp?: number;
  /** A sample repeats its alternative until it lasts about this long. */
  readonly sample?: number;
  /** Rounds stop after so long, */
  readonly budget?: number;
  /** but not before so many, */
  readonly minRounds?: number;
  /** and at the latest after so many. */
  readonly maxRounds?: number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
  /** Counts one more run of each alternative in hardware, when all times have been taken. */
  readonly counter?: HardwareCounter;
}

/** What was measured of one alternative. Times are in milliseconds per run. */
export interface Measurement extends Quartiles {
  /** One time per round, in the order of the rounds. */
  readonly samples: readonly number[];
  /** How many runs one sample took. */
  readonly repeats: number;
  /** What the hardware counted of one run. */
  readonly hardware: HardwareCount;
}

/** The distribution of some numbers. */
export interface Quartiles {
  /** The smallest. */
  readonly least: number;
  /** A quarter is smaller. */
  readonly lower: number;
  /** Half is smaller. */
  readonly median: number;
  /** A quarter is larger. */
  readonly upper: number;
}

/**
 * Measures alternatives in rounds in which each of them takes its turn.
 *
 * @returns One measurement per alternative, with equally many samples each.
 */
export function measure<Name extends string>(
  alternatives: Readonly<Record<Name, () => unknown>>,
  options: MeasureOptions = {},
): Record<Name, Measurement> {
  const { warmUp = 20, sample = 5, budget = 500, minRounds = 5, maxRounds = 200 } = options;
  const now = options.now ?? (() => performance.now());
  const names = Object.keys(alternatives) as Name[];
  const repeats = {} as Record<Name, number>;
  const samples = {} as Record<Name, number[]>;
  for (const name of names) {
    const began = now();
    let runs = 0;
    do {
      alternatives[name]();
      runs++;
    } while (now() - began < warmUp);
    const each = (now() - began) / runs;
    repeats[name] = Math.max(1, Math.round(sample / Math.max(each, 1e-6)));
    samples[name] = [];
  }
  const began = now();
  for (let round = 0; round < maxRounds; round++) {
    if (round >= minRounds && now() - began >= budget) break;
    for (const name of names) {
      const run = alternatives[name];
      const started = now();
      for (let r = 0; r < repeats[name]; r++) run();
      samples[name].push((now() - started) / repeats[name]);
    }
  }
  const measurements = {} as Record<Name, Measurement>;
  for (const name of names) {
    const hardware = options.counter === undefined
      ? UNCOUNTED
      : countHardware(options.counter, alternatives[name]).count;
    measurements[name] = {
      ...quartiles(samples[name]),
      samples: samples[name],
      repeats: repeats[name],
      hardware,
    };
  }
  return measurements;
}

/**
 * The quartiles of some numbers, interpolated linearly between neighbours.
 *
 * @throws {RangeError} If there are none.
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
 * How many times faster `a` is than `b`: the quartiles over rounds of b's time by a's.
 *
 * @throws {RangeError} If they were not measured in the same rounds.
 */
export function speedUp(a: Measurement, b: Measurement): Quartiles {
  if (a.samples.length !== b.samples.length) {
    throw new RangeError(
      `Cannot compare ${a.samples.length} samples with ${b.samples.length}: need the same rounds`,
    );
  }
  return quartiles(a.samples.map((time, round) => b.samples[round] / time));
}
