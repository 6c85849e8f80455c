/**
 * Hardware counters and software-defined events through libpapi. A count belongs to the thread that
 * starts it. To count in a worker, open PAPI in that worker.
 *
 * @module
 */
import { counterAdvice } from "./counter_advice.ts";
import { check, cString, openPapiLibrary, PapiError, type PapiLibrary } from "./papi_library.ts";

/** The place of libpapi. */
export interface PapiOptions {
  /**
   * The library's file. Left out: the file that the environment variable `SPARSEMBLE_LIBPAPI` names, if
   * it is set and may be read; otherwise the first libpapi that the system finds.
   */
  readonly path?: string;
}

/** A component of PAPI: a family of events, such as those of the processor. */
export interface PapiComponent {
  /** The name, such as "perf_event". */
  readonly name: string;
  /** PAPI's reason why the component is disabled; `null` if there is none. */
  readonly disabledReason: string | null;
}

/** libpapi, open in this thread. */
export interface Papi extends Disposable {
  /** The library's file, or the name under which the system found it. */
  readonly path: string;
  /** The version, "major.minor". */
  readonly version: string;
  /** The processor's name. */
  readonly processor: string;
  /** The vendor of the virtual machine; `null` on a real machine. */
  readonly virtualMachine: string | null;
  /** Lists the components that this libpapi was built with. */
  components(): PapiComponent[];
  /** Returns the reason why an event cannot be counted here, with advice; `null` if it can. */
  refusal(event: string): string | null;
  /**
   * Makes a set of events that are counted together.
   *
   * @param events Names of presets (`"PAPI_SP_OPS"`) or native events (`"perf::PAGE-FAULTS"`).
   * @throws {RangeError} If `events` is empty.
   * @throws {PapiError} If an event cannot be counted.
   */
  eventSet(events: readonly string[]): EventSet;
  /** Closes all event sets and ends counting in this thread. Safe to call twice. */
  close(): void;
}

/**
 * Events that are counted together, in the thread that starts the set. A closed set throws a
 * {@linkcode PapiError}.
 */
export interface EventSet extends Disposable {
  /** The names of the events, in the order of all counts. */
  readonly events: readonly string[];
  /** Starts counting, from 0. Throws a {@linkcode PapiError} if the set is already counting. */
  start(): void;
  /** Returns the counts since `start` or `reset`, exact up to 2⁵³. Counting continues. */
  read(): number[];
  /** Sets the counts to 0. Counting continues. */
  reset(): void;
  /** Stops, and returns the last counts. Throws a {@linkcode PapiError} if the set is not counting. */
  stop(): number[];
  /** Stops counting and frees the set. Safe to call twice. */
  close(): void;
}

/** Offsets in `PAPI_component_info_t`, the same in versions 5 to 7. */
const COMPONENT = { name: 0, disabledReason: 512 };
/** Offsets in `PAPI_hw_info_t`. */
const HARDWARE = { model: 160, virtualized: 1180, vendor: 1184 };

const INVALID = -1;
const IS_RUNNING = -10;
const NOT_RUNNING = -9;

/** The users of PAPI in this thread. Its registration ends with the last of them. */
let users = 0;

/**
 * Opens libpapi in this thread, on first use, and registers the thread for counting. Needs
 * `--allow-ffi`.
 *
 * @throws {PapiError} If there is no libpapi of version 5 to 7; the message says what to do.
 *
 * The functions of the result throw the errors that {@linkcode Papi} names.
 *
 * @example Usage
 * ```ts
 * import { openPapi, PapiError } from "@sparsemble/sparsemble/counters";
 * import assert from "node:assert/strict";
 *
 * assert.throws(() => openPapi({ path: "/nowhere/libpapi.so" }), PapiError);
 * ```
 */
export function openPapi(options: PapiOptions = {}): Papi {
  const library = openPapiLibrary(options.path);
  const { symbols, path, version } = library;
  // It is no error to register a thread twice.
  check(library, "register this thread", symbols.PAPI_register_thread());
  users++;
  const sets = new Set<EventSet>();
  let open = true;
  const papi: Papi = {
    path,
    version,
    ...hardwareOf(library),
    components: () => componentsOf(library),
    refusal(event) {
      try {
        papi.eventSet([event]).close();
        return null;
      } catch (error) {
        if (error instanceof PapiError) return error.message;
        throw error;
      }
    },
    eventSet(events) {
      if (!open) throw new PapiError("Cannot count events: PAPI is closed in this thread", null);
      if (events.length === 0) throw new RangeError("Cannot count events: found none, need one");
      const advise = (code: number, event: string) => explain(papi, code, event);
      const set = makeEventSet(library, events, advise, () => sets.delete(set));
      sets.add(set);
      return set;
    },
    close() {
      if (!open) return;
      open = false;
      for (const set of sets) set.close();
      if (--users === 0) symbols.PAPI_unregister_thread();
    },
    [Symbol.dispose]: () => papi.close(),
  };
  return papi;
}

/** A PAPI event set, which has events of one component only. An {@linkcode EventSet} has one or more. */
interface Part {
  readonly handle: Int32Array<ArrayBuffer>;
  readonly values: BigInt64Array<ArrayBuffer>;
  events: number;
}

function makeEventSet(
  library: PapiLibrary,
  events: readonly string[],
  advise: (code: number, event: string) => string,
  forget: () => void,
): EventSet {
  const { symbols } = library;
  const parts: Part[] = [];
  const intent = (verb: string) => `${verb} ${events.map((event) => `"${event}"`).join(", ")}`;
  const give = (part: Part) => {
    symbols.PAPI_cleanup_eventset(part.handle[0]);
    symbols.PAPI_destroy_eventset(bytesOf(part.handle));
  };
  try {
    for (const event of events) addEvent(library, parts, event, events.length, advise);
  } catch (error) {
    parts.forEach(give);
    throw error;
  }

  let closed = false;
  const inAllParts = (verb: string, call: (part: Part, p: number) => number): number[] => {
    if (closed) throw new PapiError(`Cannot ${intent(verb)}: the event set is closed`, null);
    parts.forEach((part, p) => {
      const code = call(part, p);
      check(library, intent(verb), code, adviceOf(code));
    });
    return parts.flatMap((part) => Array.from(part.values.subarray(0, part.events), Number));
  };
  const stopPart = ({ handle, values }: Part) => symbols.PAPI_stop(handle[0], bytesOf(values));
  const set: EventSet = {
    events: [...events],
    start() {
      inAllParts("start", ({ handle }, p) => {
        const code = symbols.PAPI_start(handle[0]);
        // Stops the parts that this call has started. Parts that ran before continue.
        if (code < 0) parts.slice(0, p).forEach(stopPart);
        return code;
      });
    },
    read: () =>
      inAllParts("read", ({ handle, values }) => symbols.PAPI_read(handle[0], bytesOf(values))),
    reset() {
      inAllParts("reset", ({ handle }) => symbols.PAPI_reset(handle[0]));
    },
    stop: () => inAllParts("stop", stopPart),
    close() {
      if (closed) return;
      closed = true;
      parts.forEach(stopPart);
      parts.forEach(give);
      forget();
    },
    [Symbol.dispose]: () => set.close(),
  };
  return set;
}

function addEvent(
  library: PapiLibrary,
  parts: Part[],
  event: string,
  most: number,
  advise: (code: number, event: string) => string,
): void {
  const { symbols } = library;
  const name = cString(event);
  const last = parts.at(-1);
  let code = last === undefined ? INVALID : symbols.PAPI_add_named_event(last.handle[0], name);
  if (code === INVALID) {
    // The event belongs to another component, and so to another set.
    const part = { handle: Int32Array.of(-1), values: new BigInt64Array(most), events: 0 };
    check(library, `count "${event}"`, symbols.PAPI_create_eventset(bytesOf(part.handle)));
    parts.push(part);
    code = symbols.PAPI_add_named_event(part.handle[0], name);
  }
  if (code < 0) check(library, `count "${event}"`, code, advise(code, event));
  parts[parts.length - 1].events++;
}

function adviceOf(code: number): string {
  if (code === IS_RUNNING) return "; a thread counts one set of a component at a time: stop first";
  if (code === NOT_RUNNING) return "; start first";
  return "";
}

const CONFLICT = -8;

const NAMES = "papi_avail and papi_native_avail list the names";

/** Adds to PAPI's text why an event was refused: its component's reason, and advice. */
function explain(papi: Papi, code: number, event: string): string {
  if (code === CONFLICT) {
    return "; it is in the set already, or there are too few counters: count fewer at a time";
  }
  const prefix = /^(.*?):::/.exec(event)?.[1];
  const component = papi.components().find(({ name }) => name === (prefix ?? "perf_event"));
  if (component === undefined) return `; this libpapi has no component "${prefix}"`;
  const { name, disabledReason } = component;
  const own = disabledReason === null ? "" : `; component "${name}": ${disabledReason}`;
  if (prefix !== undefined || UNKNOWN.includes(code)) return `${own}; ${NAMES}`;
  // The event belongs to the processor. Asks with another event if any processor event can be counted.
  const anyEvent = event !== ANY_EVENT && papi.refusal(ANY_EVENT) === null;
  const { virtualMachine } = papi;
  return `${own}; ${counterAdvice({ virtualMachine, paranoid: readParanoid(), anyEvent })}`;
}

/** PAPI's codes for unknown presets and unknown events. */
const UNKNOWN = [-18, -4, -12];
/** The event that can be counted if any event of the processor can. */
const ANY_EVENT = "PAPI_TOT_INS";

/** Reads `perf_event_paranoid`; Deno permits files in `/proc/sys` only with all read permissions. */
function readParanoid(): number | null {
  if (Deno.permissions.querySync({ name: "read" }).state !== "granted") return null;
  try {
    return Number(Deno.readTextFileSync("/proc/sys/kernel/perf_event_paranoid"));
  } catch {
    return null;
  }
}

function componentsOf({ symbols }: PapiLibrary): PapiComponent[] {
  const components: PapiComponent[] = [];
  for (let number = 0; number < symbols.PAPI_num_components(); number++) {
    const info = symbols.PAPI_get_component_info(number);
    if (info === null) continue;
    const view = new Deno.UnsafePointerView(info);
    components.push({
      name: view.getCString(COMPONENT.name),
      disabledReason: view.getCString(COMPONENT.disabledReason) || null,
    });
  }
  return components;
}

function hardwareOf({ symbols }: PapiLibrary): Pick<Papi, "processor" | "virtualMachine"> {
  const info = symbols.PAPI_get_hardware_info();
  if (info === null) return { processor: "unknown", virtualMachine: null };
  const view = new Deno.UnsafePointerView(info);
  const virtualized = view.getInt32(HARDWARE.virtualized) === 1;
  // The vendor comes from the CPUID instruction: "KVMKVMKVM", "VMwareVMware", "Microsoft Hv".
  const vendor = view.getCString(HARDWARE.vendor).replace("KVMKVMKVM", "KVM") || "unknown";
  const processor = view.getCString(HARDWARE.model);
  return { processor, virtualMachine: virtualized ? vendor : null };
}

function bytesOf(array: ArrayBufferView<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
