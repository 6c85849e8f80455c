/**
 * How much memory a process takes to load a file of many megabytes, whole or damaged.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { encodeModel } from "../../lib/model/model_file.ts";
import { encodeSafetensors } from "../../lib/files/safetensors.ts";
import { type Random, randomStream } from "../../lib/random.ts";
import { erdosRenyi } from "../../lib/sparse/erdos_renyi.ts";
import { headerEndOf, mutated } from "../files/mutation.ts";
import { smallModel } from "../model/small_model.ts";
import { writeFile } from "../files.ts";
import { ROOT } from "../tasks/run_task.ts";
import { failureText, type SoakOptions, type SoakReport } from "./report.ts";

/** What a process has of its own to grow by: code that is compiled, the heap's spare room. */
const OWN = 24 * 2 ** 20;

/** A model file of 12 MB or so. */
async function largeModel(random: Random): Promise<Uint8Array> {
  const model = await smallModel({ hidden: [8, 6], epochs: 6, explore: 2 });
  const [first, , last] = model.members[0].layers;
  const size = 4000;
  const sparse = (rows: number, columns: number, density: number) => {
    const { indptr, indices } = erdosRenyi(rows, columns, density, random);
    const data = new Float32Array(indices.length).map(() => random.float() - 0.5);
    return {
      kind: "sparse" as const,
      shape: [rows, columns] as [number, number],
      indptr,
      indices,
      data,
      bias: new Float32Array(rows),
    };
  };
  const layers = [
    sparse(size, first.shape[1], 0.5),
    sparse(size, size, 0.1),
    sparse(last.shape[0], size, 0.5),
  ];
  const { tensors, metadata } = encodeModel({
    ...model,
    settings: { ...model.settings, hidden: [size, size] },
    members: [{ ...model.members[0], layers }],
  });
  return new Uint8Array(Buffer.concat(encodeSafetensors(tensors, metadata)));
}

/** Loads the file in a process of its own. */
async function loadElsewhere(
  path: string,
  deno: string,
): Promise<{ growth: number; members: number; error: string | null }> {
  const { success, stdout, stderr } = await new Deno.Command(deno, {
    args: [
      "run",
      // For /proc alone: the program loads the file and does nothing else.
      "--allow-all",
      "--v8-flags=--max-old-space-size=64",
      fileURLToPath(new URL("load_once.ts", import.meta.url)),
      path,
    ],
    cwd: ROOT,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.ok(success, text(stderr));
  const { before, peak, members, error } = JSON.parse(text(stdout));
  return { growth: peak - before, members, error };
}

/** Loads a large file whole, with numbers that promise more than there is, and mutated at random. */
export async function soakLoadMemory(
  mutations: number,
  options: SoakOptions,
): Promise<SoakReport> {
  const { seed, folder, deadline, onProgress } = options;
  const random = randomStream(seed, "load memory");
  const bytes = await largeModel(random);
  const path = `${folder}/large.safetensors`;
  const headerEnd = headerEndOf(bytes);
  const variants: [name: string, make: () => Uint8Array][] = [
    ["whole", () => bytes],
    ["cut in half", () => bytes.subarray(0, bytes.length >> 1)],
    ["all of it a header", () => withHeaderLength(bytes, bytes.length - 8)],
    ["a header of 2^40 bytes", () => withHeaderLength(bytes, 2 ** 40)],
    ...Array.from({ length: mutations }, (_, i): [string, () => Uint8Array] => [
      `mutation ${i}`,
      () => mutated(bytes, headerEnd, random),
    ]),
  ];
  const failures: string[] = [];
  let largest = 0;
  let loads = 0;
  for (const [name, make] of variants) {
    if (performance.now() >= deadline) break;
    const damaged = make();
    writeFile(path, damaged);
    try {
      const { growth, members, error } = await loadElsewhere(path, options.deno);
      loads++;
      largest = Math.max(largest, growth);
      if (name === "whole") assert.equal(members, 1, `${error}`);
      else assert.ok(error?.startsWith(`Cannot read "${path}": `), `${error}`);
      const bound = 2 * bytes.length + OWN;
      assert.ok(growth <= bound, `${growth} bytes for a file of ${bytes.length}`);
    } catch (error) {
      failures.push(`large file, ${name}: ${failureText(error)}`);
    }
  }
  await Deno.remove(path);
  onProgress?.(`${loads} loads of ${bytes.length} bytes`);
  const megabyte = 2 ** 20;
  return {
    counts: {
      "loads of a large file": loads,
      "its MB": Math.round(bytes.length / megabyte),
      "most MB taken": Math.round(largest / megabyte),
    },
    failures,
  };
}

function withHeaderLength(bytes: Uint8Array, length: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setBigUint64(0, BigInt(length), true);
  return copy;
}
