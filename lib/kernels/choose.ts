import { foundValue, requireKind } from "../arguments.ts";
import { quotedList } from "../messages.ts";
import { type CompiledBackend, compiledKernels } from "./compiled.ts";
import type { Kernels } from "./kernels.ts";
import { openNativeBackend } from "./native/mod.ts";
import { overflowArena } from "./overflow_arena.ts";
import { referenceKernels } from "./reference.ts";
import { startThreads, type ThreadCounts } from "./threads/mod.ts";
import { wasmBackend, wasmMemory } from "./wasm/mod.ts";

/** The back end to use. `"auto"` takes the fastest one that is available. */
export type KernelChoice = "auto" | "wasm" | "native" | "reference";

/** A back end, and the reason for its choice. */
export interface ChosenKernels {
  /** The back end. */
  readonly kernels: Kernels;
  /** The reason, in a few words. */
  readonly reason: string;
}

/** A back end with its worker threads. */
export interface OpenKernels extends ChosenKernels, Disposable {
  /** The number of threads, the calling one included. */
  readonly threads: number;
  /** The worker threads' counts of their operations; `null` without a counter or worker threads. */
  readonly counts: ThreadCounts | null;
  /** Ends the worker threads, without which the process does not end. Safe to call twice. */
  close(): void;
}

/**
 * Opens a back end by name. `"auto"` takes the native kernels if they are built and may be loaded, and
 * WebAssembly otherwise.
 *
 * @throws {Error} If the native back end is asked for by name and cannot be used.
 *
 * @example Usage
 * ```ts
 * import { chooseKernels } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * assert.equal(chooseKernels("wasm").kernels.name, "wasm");
 * ```
 */
export function chooseKernels(choice: KernelChoice): ChosenKernels {
  if (choice === "reference") {
    return { kernels: referenceKernels(), reason: "the settings name it" };
  }
  const { backend, reason } = chooseBackend(choice);
  return { kernels: compiledKernels(backend), reason };
}

/**
 * Opens a back end with worker threads. Their number does not change the result.
 *
 * @param threads The number of threads, the calling one included: 1 to 1024.
 * @param counter The address of a module whose `openHardwareFlops` counts in every worker thread.
 * @throws {RangeError} If `threads` is not an integer from 1 to 1024, or more than 1 with the reference
 * kernels.
 * @throws {Error} If the back end cannot be opened or the threads cannot be started.
 *
 * @example Usage
 * ```ts
 * import { openKernels } from "@sparsemble/sparsemble";
 * import assert from "node:assert/strict";
 *
 * using opened = await openKernels("wasm", 2);
 * assert.equal(opened.threads, 2);
 * ```
 */
export async function openKernels(
  choice: KernelChoice,
  threads: number,
  counter: string | null = null,
): Promise<OpenKernels> {
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > 1024) {
    throw new RangeError(`Cannot use ${threads} threads: need an integer from 1 to 1024`);
  }
  if (threads === 1) {
    const close = () => {};
    return { ...chooseKernels(choice), threads, counts: null, close, [Symbol.dispose]: close };
  }
  if (choice === "reference") {
    throw new RangeError(`Cannot use ${threads} threads: the reference kernels have 1`);
  }
  const { backend, reason } = chooseBackend(choice);
  const arena = backend.openArena();
  const start = () => backend.workerStart(arena);
  const threaded = await startThreads(backend.functions, threads, start, counter).catch(
    (error) => {
      arena.dispose();
      throw error;
    },
  );
  const { functions, counts } = threaded;
  const close = () => {
    threaded.close();
    arena.dispose();
  };
  const description = `${backend.description}, ${threads} threads`;
  const kernels = compiledKernels({ ...backend, description, functions });
  return { kernels, reason, threads, counts, close, [Symbol.dispose]: close };
}

/** The values of {@linkcode KernelChoice}. */
const CHOICES: readonly string[] = ["auto", "wasm", "native", "reference"];

function requireChoice(choice: unknown): void {
  if (typeof choice === "string" && CHOICES.includes(choice)) return;
  throw new RangeError(
    `Cannot open kernels: found ${foundValue(choice)}, need one of ${quotedList(CHOICES)}`,
  );
}

/**
 * Checks that a value is a set of kernels, and not for example the name of a back end.
 *
 * @param intent The action that needs them, as in "Cannot `intent`: …".
 * @throws {TypeError} If the value lacks a function of kernels.
 */
export function requireKernels(intent: string, value: unknown): asserts value is Kernels {
  requireKind(intent, value, {
    name: "kernels",
    has: ["name", "openArena"],
    makers: ['chooseKernels("auto")'],
    within: "kernels",
  });
}

function chooseBackend(
  choice: "auto" | "wasm" | "native",
): { backend: CompiledBackend; reason: string } {
  const openNative = () => openNativeBackend(() => overflowArena(wasmMemory().openArena()));
  requireChoice(choice);
  switch (choice) {
    case "wasm":
      return { backend: wasmBackend(), reason: "the settings name it" };
    case "native":
      return { backend: openNative(), reason: "the settings name it" };
    case "auto":
      try {
        return { backend: openNative(), reason: "the fastest there is" };
      } catch (error) {
        const why = (error as Error).message.replace(/^Cannot use the native kernels: /, "");
        return { backend: wasmBackend(), reason: `native kernels are not used: ${why}` };
      }
  }
}
