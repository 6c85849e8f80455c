/**
 * Every part of a sentence with a figure of the kernels' speed in results/README.md.
 *
 * @module
 */
import { extentText, fixed, record, type RecordOfAny } from "./records.ts";

/** What is said of the kernels' speed. */
export function benchClaims(): string[] {
  const { kernels, inference, growth } = record("bench/bench.json").results;
  const shares = (backEnd: string) =>
    ["forward", "backward", "gradient + update"].map((kernel) =>
      fixed(
        kernels[0].kernels.find((row: RecordOfAny) =>
          row.backEnd === backEnd && row.kernel === `sparse ${kernel}`
        ).ofLimit.stream.median,
        2,
      )
    );
  const [a, b, c] = shares("native");
  const [d, e, f] = shares("wasm");
  const million = (backEnd: string) => {
    const { kernels } = growth.points.find(({ nnz, kernels }: RecordOfAny) =>
      Math.round(nnz / 1e5) === 10 && kernels[0].backEnd === backEnd
    );
    const shares = kernels.map(({ ofLimit }: RecordOfAny) => ofLimit.stream.median);
    return fixed(Math.min(...shares), 2);
  };
  const inferred = (backEnd: string) =>
    inference.find((row: RecordOfAny) => row.backEnd === backEnd);
  const one = (backEnd: string) => fixed(inferred(backEnd).oneRow.median, 1);
  const thousands = (backEnd: string) => fixed(inferred(backEnd).rowsPerSecond.median / 1000, 0);
  return [
    `reach ${a}, ${b} and ${c} of it natively`,
    `and ${d}, ${e} and ${f} in WebAssembly`,
    `Five members predict one row in ${one("native")} ms natively and in ${one("wasm")} ms in ` +
    "WebAssembly",
    `${thousands("native")},000 and ${thousands("wasm")},000 rows a second`,
    `At a million weights the share is down to ${million("native")} natively and ` +
    `${million("wasm")} in WebAssembly`,
    `up to 10⁸ weights: the exponents are ${
      extentText(growth.costs.map(({ exponent }: RecordOfAny) => exponent), 2)
    }, and ${
      extentText(growth.costs.map(({ lastExponent }: RecordOfAny) => lastExponent), 2)
    } over the last decade`,
  ];
}
