/**
 * libpapi, the Performance API of the University of Tennessee (https://icl.utk.edu/papi/), through
 * Deno's foreign function interface. The library is opened on first use.
 *
 * @module
 */
import { node } from "../node.ts";

/** The C functions, with their C parameters. */
const SYMBOLS = {
  PAPI_library_init: { parameters: ["i32" /* version */], result: "i32" },
  PAPI_thread_init: { parameters: ["pointer" /* unsigned long (*id)(void) */], result: "i32" },
  PAPI_register_thread: { parameters: [], result: "i32" },
  PAPI_unregister_thread: { parameters: [], result: "i32" },
  PAPI_create_eventset: { parameters: ["buffer" /* int *set */], result: "i32" },
  PAPI_add_named_event: { parameters: ["i32", /* set */ "buffer" /* name */], result: "i32" },
  PAPI_start: { parameters: ["i32" /* set */], result: "i32" },
  PAPI_read: { parameters: ["i32", /* set */ "buffer" /* long long * */], result: "i32" },
  PAPI_reset: { parameters: ["i32" /* set */], result: "i32" },
  PAPI_stop: { parameters: ["i32", /* set */ "buffer" /* long long * */], result: "i32" },
  PAPI_cleanup_eventset: { parameters: ["i32" /* set */], result: "i32" },
  PAPI_destroy_eventset: { parameters: ["buffer" /* int *set */], result: "i32" },
  PAPI_num_components: { parameters: [], result: "i32" },
  PAPI_get_component_info: { parameters: ["i32" /* number */], result: "pointer" },
  PAPI_get_hardware_info: { parameters: [], result: "pointer" },
  PAPI_strerror: { parameters: ["i32" /* code */], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

const LIBC_SYMBOLS = {
  dlopen: { parameters: ["buffer", /* name */ "i32" /* flags */], result: "pointer" },
  pthread_self: { type: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

/** `RTLD_NOW | RTLD_GLOBAL` of glibc. */
const NOW_GLOBAL = 0x102;

/** The environment variable that names the library. */
const PAPI_PATH_VARIABLE = "SPARSEMBLE_LIBPAPI";

const NEWEST_MAJOR = 7;
const OLDEST_MAJOR = 5;
const HIGHEST_MINOR = 9;

/** libpapi, open in this thread. */
export interface PapiLibrary {
  /** The functions. */
  readonly symbols: Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];
  /** The file, or the name under which the system found it. */
  readonly path: string;
  /** The version, "major.minor". */
  readonly version: string;
}

/** An error of libpapi, or of opening it. */
export class PapiError extends Error {
  /** The name of the class. */
  override name = "PapiError";
  /** PAPI's error code, below 0; `null` where the library could not be opened. */
  readonly code: number | null;

  /**
   * An error with PAPI's code.
   *
   * @param message The failed task, and the reason.
   * @param code PAPI's error code.
   */
  constructor(message: string, code: number | null, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const opened = new Map<string, PapiLibrary>();

/**
 * Opens libpapi for the calling thread. The first call in a process initialises it for all threads.
 *
 * @param path The library's file. Left out: the file that `SPARSEMBLE_LIBPAPI` names, if it is set and
 * may be read; otherwise the first that is found.
 * @throws {PapiError} If no libpapi is found, the file is not libpapi, or its version is not 5 to 7.
 */
export function openPapiLibrary(path: string | undefined = overridingPath()): PapiLibrary {
  const key = path ?? "";
  const known = opened.get(key);
  if (known !== undefined) return known;
  if (Deno.build.os !== "linux") {
    throw new PapiError(`Cannot open libpapi: found ${Deno.build.os}, need Linux`, null);
  }
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") {
    throw new PapiError("Cannot open libpapi: found no permission, need --allow-ffi", null);
  }
  const found = path === undefined ? search() : load(path);
  const libc = Deno.dlopen("libc.so.6", LIBC_SYMBOLS);
  openSdeGlobally(libc, found.path);
  const version = initialize(found);
  const library = { ...found, version };
  check(library, "count by thread", found.symbols.PAPI_thread_init(libc.symbols.pthread_self));
  opened.set(key, library);
  return library;
}

/**
 * Checks the code that a call returned.
 *
 * @throws {PapiError} If the call failed, with PAPI's text.
 */
export function check(library: PapiLibrary, intent: string, code: number, advice = ""): void {
  if (code >= 0) return;
  const text = papiText(library, code);
  throw new PapiError(`Cannot ${intent}: PAPI says "${text}" (${code})${advice}`, code);
}

/** PAPI's own text for an error code. */
function papiText(library: PapiLibrary, code: number): string {
  const text = library.symbols.PAPI_strerror(code);
  return text === null ? "unknown error" : new Deno.UnsafePointerView(text).getCString();
}

/** A text as a C string. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

function overridingPath(): string | undefined {
  const variable = PAPI_PATH_VARIABLE;
  if (Deno.permissions.querySync({ name: "env", variable }).state !== "granted") return undefined;
  return Deno.env.get(variable) || undefined;
}

type Loaded = Pick<PapiLibrary, "symbols" | "path">;

function load(path: string): Loaded {
  try {
    return { symbols: Deno.dlopen(path, SYMBOLS).symbols, path };
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : `${cause}`;
    const reason = text.replace(/^(Could not open library: )+/, "");
    throw new PapiError(`Cannot use "${path}" as libpapi: ${reason}`, null, { cause });
  }
}

/** The names to try: for the system's loader from the newest version on, then two usual files. */
function candidates(): string[] {
  const names = ["libpapi.so"];
  for (let major = NEWEST_MAJOR; major >= OLDEST_MAJOR; major--) {
    for (let minor = HIGHEST_MINOR; minor >= 0; minor--) names.push(`libpapi.so.${major}.${minor}`);
  }
  return [...names, "/usr/local/lib/libpapi.so", "/opt/papi/lib/libpapi.so"];
}

function search(): Loaded {
  let cause: unknown;
  for (const path of candidates()) {
    try {
      return load(path);
    } catch (error) {
      cause = error;
    }
  }
  throw new PapiError(
    `Cannot open libpapi: found none, need version ${OLDEST_MAJOR} to ${NEWEST_MAJOR}: install it ` +
      `(Debian and Ubuntu: libpapi-dev; Fedora: papi), or let ${PAPI_PATH_VARIABLE} name its file`,
    null,
    { cause },
  );
}

/**
 * Loads libsde for software-defined events. libpapi looks for it among the global symbols of the process
 * when it is initialised. Older versions have no such events, so a missing libsde is no error.
 */
function openSdeGlobally(libc: Deno.DynamicLibrary<typeof LIBC_SYMBOLS>, path: string): void {
  const beside = path.includes("/") ? `${node.path.dirname(path)}/${SDE_NAME}` : SDE_NAME;
  for (const name of [beside, SDE_NAME]) {
    if (libc.symbols.dlopen(cString(name), NOW_GLOBAL) !== null) return;
  }
}

/** The library that publishes software-defined events. */
export const SDE_NAME = "libsde.so.1";

/**
 * Initialises the library and returns its version. The library accepts only callers for its own major
 * and minor version, so all supported versions are tried.
 */
function initialize({ symbols, path }: Loaded): string {
  let refusal = 0;
  for (let major = NEWEST_MAJOR; major >= OLDEST_MAJOR; major--) {
    for (let minor = 0; minor <= HIGHEST_MINOR; minor++) {
      const version = major << 24 | minor << 16;
      const answer = symbols.PAPI_library_init(version);
      if (answer === version) return `${major}.${minor}`;
      // −1 (invalid argument) is the answer to a wrong version.
      if (answer !== -1) refusal = answer;
    }
  }
  if (refusal < 0) {
    const text = papiText({ symbols, path, version: "" }, refusal);
    throw new PapiError(`Cannot initialise "${path}": PAPI says "${text}" (${refusal})`, refusal);
  }
  throw new PapiError(
    `Cannot use "${path}": it takes none of PAPI's versions ${OLDEST_MAJOR}.0 to ` +
      `${NEWEST_MAJOR}.${HIGHEST_MINOR}`,
    refusal === 0 ? -1 : refusal,
  );
}
