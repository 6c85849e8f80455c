/**
 * The native kernels, built with AddressSanitizer and UndefinedBehaviorSanitizer, in place of the other
 * back ends. Their arrays are blocks of their own, as long as asked for: the sanitizer ends the process
 * at an access beyond one. The folder of the builds is the program's first argument.
 *
 * @module
 */
import { heapArena } from "../../../lib/kernels/arena.ts";
import { compiledKernels, type CompiledName } from "../../../lib/kernels/compiled.ts";
import { nativeBackEnds, replaceBackEnds } from "../back_ends.ts";
import { guard } from "../problem.ts";

/** The kernels that were called so far. */
export const called = new Set<string>();

/** The sanitized builds that this processor runs. */
export const sanitized = nativeBackEnds(Deno.args[0], () => heapArena(32)).map((backend) => {
  const functions = { ...backend.functions };
  for (const name of Object.keys(functions) as CompiledName[]) {
    functions[name] = (...args) => {
      called.add(name);
      backend.functions[name](...args);
    };
  }
  return { ...backend, functions, description: `sanitized ${backend.description}` };
});

guard.length = 0;
replaceBackEnds(sanitized.map(compiledKernels));
