/**
 * Software-defined events: a count of this program that tools built on PAPI can read like a hardware
 * counter. H. Jagode et al., "PAPI software-defined events for in-depth performance analysis", 2019,
 * https://doi.org/10.1177/1094342019846287.
 *
 * @module
 */
import { openPapi, type PapiOptions } from "./papi.ts";
import { cString, PapiError, SDE_NAME } from "./papi_library.ts";

const SYMBOLS = {
  // The library's name.
  papi_sde_init: { parameters: ["buffer"], result: "pointer" },
  // The handle, the counter's name, its mode, void **counter.
  papi_sde_create_counter: { parameters: ["pointer", "buffer", "i32", "buffer"], result: "i32" },
  // The counter, the increment.
  papi_sde_inc_counter: { parameters: ["pointer", "i64"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** `PAPI_SDE_RO | PAPI_SDE_DELTA`: an event set counts from its start. */
const DELTA = 0;

/** A published count. It stays published until the process ends, because other threads may read it. */
export interface SoftwareEvent {
  /** The event's name in PAPI, such as "sde:::sparsemble::FLOPS". */
  readonly name: string;
  /** Adds an integer from 0 to 2⁵³ − 1 to the count. Throws a RangeError at any other number. */
  add(count: number): void;
}

/** Options of {@linkcode publishSoftwareEvent}. */
export interface SoftwareEventOptions extends PapiOptions {
  /** The counter's name. Left out: "FLOPS". */
  readonly counter?: string;
}

/**
 * Publishes a count as `sde:::sparsemble::FLOPS`. All threads that publish the same counter add to the
 * same count. libsde has one start per counter, so threads that count at the same time need a counter
 * each. Needs libpapi 7 with libsde, and `--allow-ffi`.
 *
 * @throws {PapiError} If there is no libpapi, or it has no software-defined events.
 *
 * `add` of the result throws a `RangeError` at any number that is not an integer from 0 to 2⁵³ − 1.
 *
 * @example Usage
 * ```ts
 * import { PapiError, publishSoftwareEvent } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * assert.throws(() => publishSoftwareEvent({ path: "/nowhere/libpapi.so" }), PapiError);
 * ```
 */
export function publishSoftwareEvent(options: SoftwareEventOptions = {}): SoftwareEvent {
  const counter = options.counter ?? "FLOPS";
  const name = `sde:::sparsemble::${counter}`;
  using papi = openPapi(options);
  const component = papi.components().find((it) => it.name === "sde");
  if (component === undefined || component.disabledReason !== null) {
    const reason = component?.disabledReason ?? `libpapi ${papi.version} has no component "sde"`;
    throw new PapiError(`Cannot publish "${name}": ${reason}`, null);
  }
  const { symbols } = openSde(name);
  const handle = symbols.papi_sde_init(cString("sparsemble"));
  const address = new BigUint64Array(1);
  const place = new Uint8Array(address.buffer);
  const code = symbols.papi_sde_create_counter(handle, cString(counter), DELTA, place);
  const pointer = Deno.UnsafePointer.create(address[0]);
  if (code < 0 || pointer === null) {
    throw new PapiError(`Cannot publish "${name}": libsde answers ${code}`, code);
  }
  return {
    name,
    add(count) {
      if (!Number.isSafeInteger(count) || count < 0) {
        throw new RangeError(`Cannot add ${count} to "${name}": need an integer from 0 to 2⁵³ − 1`);
      }
      symbols.papi_sde_inc_counter(pointer, BigInt(count));
    },
  };
}

function openSde(name: string): Deno.DynamicLibrary<typeof SYMBOLS> {
  try {
    return Deno.dlopen(SDE_NAME, SYMBOLS);
  } catch (cause) {
    throw new PapiError(`Cannot publish "${name}": ${SDE_NAME} is missing`, null, { cause });
  }
}
