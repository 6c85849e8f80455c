/**
 * Runs every wrong call on every back end and prints what was not refused, as JSON. A program of its
 * own: a kernel that leaves its arrays may end the process.
 */
import { referenceKernels } from "../../../lib/kernels/reference.ts";
import { openKernels } from "../../../lib/kernels/choose.ts";
import { backEnds } from "../back_ends.ts";
import { rightCalls, runCall, wrongCalls } from "./wrong_calls.ts";

const threaded = await Promise.all(
  [...new Set(backEnds().map(({ name }) => name))].map((name) => openKernels(name, 2)),
);
const withThreads = threaded.map(({ kernels }) => kernels);

for (const kernels of [referenceKernels(), ...backEnds(), ...withThreads]) {
  for (const call of rightCalls(kernels)) runCall(kernels, call);
  const calls = wrongCalls(kernels);
  const taken = calls.flatMap(({ what, run }) => {
    try {
      run();
      return [what];
    } catch (error) {
      return /^(Type|Range)Error: Cannot (compute|use) /.test(`${error}`)
        ? []
        : [`${what}: ${error}`];
    }
  });
  // deno-lint-ignore no-console
  console.log(JSON.stringify({ kernels: kernels.description, calls: calls.length, taken }));
}

for (const opened of threaded) opened.close();
