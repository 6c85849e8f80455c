/**
 * Every part of a sentence with a figure of the kernels' speed in results/README.md.
 *
 * @module
 */
import { extentText, fixed, record, type RecordOfAny } from "../records.ts";

/** What is said of the kernels' speed. */
export function benchClaims(): string[] {
  const { kernels, blocks, inference, growth, threads, peers } = record("bench/bench.json").results;
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
  const inferred = (backEnd: string, size: number) =>
    inference.find((row: RecordOfAny) => row.backEnd === backEnd && row.blockSize === size);
  const one = (backEnd: string, size: number) => fixed(inferred(backEnd, size).oneRow.median, 2);
  const thousands = (backEnd: string) => fixed(inferred(backEnd, 8).rowsPerSecond.median / 1000, 0);
  const later = record("bench/blocks/bench.json").results.blocks;
  /** G = 8 beside G = 1, forward, backward and gradient with update. */
  const byBlocks = (layer: number, backEnd: RegExp, measured = later) =>
    ["forward", "backward", "gradient + update"].map((kernel) =>
      fixed(
        measured[layer].speeds.find((row: RecordOfAny) =>
          backEnd.test(row.backEnd) && row.kernel === `sparse ${kernel}` && row.blockSize === 8
        ).overOne.median,
        2,
      )
    );
  const timesOf = (blockSpeeds: readonly string[]) =>
    `${blockSpeeds[0]}, ${blockSpeeds[1]} and ${blockSpeeds[2]} times`;
  const peer = (
    library: string,
    work: string,
    field: "ours" | "oursSparse",
    own: "native" | "native, G = 8" = "native, G = 8",
  ) =>
    fixed(
      peers.speeds.find((row: RecordOfAny) =>
        row.library.startsWith(library) && row.work === work
      )[field][own].median,
      1,
    );
  const pass = "forward + backward";
  const twoThreads = (backEnd: string) =>
    fixed(
      threads.find((row: RecordOfAny) => row.backEnd === backEnd && row.threads === 2).speedUp
        .median,
      2,
    );
  return [
    `reach ${a}, ${b} and ${c} of it natively`,
    `and ${d}, ${e} and ${f} in WebAssembly`,
    `Blocks of eight neurons are ${timesOf(byBlocks(0, /avx512/, blocks))} as fast as none`,
    `and ${timesOf(byBlocks(1, /avx512/, blocks))} in a layer of 10,000 × 10,000`,
    ...([["AVX2 has", /avx2/], ["WebAssembly", /WebAssembly/], [
      "the build for any x86-64 processor",
      /baseline/,
    ]] as const).map(([name, backEnd]) =>
      `${name} ${timesOf(byBlocks(0, backEnd))}, and ${
        timesOf(byBlocks(1, backEnd))
      } in the larger layer`
    ),
    `${peer("SparseLab", `sparse ${pass}`, "ours")} times as fast as SparseLab`,
    `${peer("SparseProp", `sparse ${pass}`, "ours")} times as fast as SparseProp`,
    `${peer("PyTorch", `dense ${pass}`, "oursSparse")} times as fast as PyTorch's dense layer`,
    `the paper's network takes a step ${
      peer("PyTorch", "dense training step", "oursSparse")
    } times as fast as PyTorch's dense one`,
    `Without blocks, which these libraries do not have, it is ${
      [
        peer("SparseLab", `sparse ${pass}`, "ours", "native"),
        peer("SparseProp", `sparse ${pass}`, "ours", "native"),
        peer("PyTorch", `dense ${pass}`, "oursSparse", "native"),
      ].join(", ")
    } and ${peer("PyTorch", "dense training step", "oursSparse", "native")} times`,
    `Five members predict one row in ${one("native", 8)} ms natively and in ${
      one("wasm", 8)
    } ms in ` +
    `WebAssembly, in ${one("native", 1)} and ${one("wasm", 1)} ms without blocks`,
    `Two threads are ${twoThreads("native")} times as fast as one natively and ` +
    `${twoThreads("wasm")} times in WebAssembly`,
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
