/**
 * Predicts with one model again and again, then with many models, then holds none. Prints the bytes of
 * kernel memory after each. Runs with `--v8-flags=--expose-gc`.
 */
import { paperModel } from "../../lib/benchmarks/inference.ts";
import { wasmKernels, wasmMemory } from "../../lib/kernels/wasm/wasm.ts";
import { type Model, predictProba } from "../../lib/model/mod.ts";

const collectGarbage = (globalThis as unknown as { gc(): void }).gc;
const kernels = wasmKernels();
const row = [Array.from({ length: 4 }, (_, i) => i / 4)];
const used = () => wasmMemory().used;
const bytes: Record<string, number> = { before: used() };

let models: Model[] = [paperModel([4, 30_000, 2])];
predictProba(models[0], row, kernels);
bytes.one = used();
for (let call = 0; call < 5; call++) predictProba(models[0], row, kernels);
bytes.again = used();
for (let model = 0; model < 8; model++) {
  models.push({ ...models[0] });
  predictProba(models[models.length - 1], row, kernels);
}
bytes.many = used();
const answers = new Set(models.map((model) => predictProba(model, row, kernels).join()));
bytes.answers = answers.size;
models = [];
for (let pause = 0; pause < 500 && used() > bytes.before; pause++) {
  collectGarbage();
  await new Promise((resolve) => setTimeout(resolve, 10));
}
bytes.after = used();
// deno-lint-ignore no-console
console.log(JSON.stringify(bytes));
