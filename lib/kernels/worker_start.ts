/** What a worker is started with. */
export interface WorkerStart {
  /** The shared words and arguments. */
  readonly words: SharedArrayBuffer;
  /** The shared arguments. */
  readonly numbers: SharedArrayBuffer;
  /** The memory that the WebAssembly kernels work on, and this thread's stack in it. */
  readonly wasm: { readonly memory: WebAssembly.Memory; readonly stackTop: number } | null;
  /** The native library to open instead. */
  readonly library: string | null;
  /** Where this thread's operations are to be counted; `null` where nobody wants to know. */
  readonly counter: {
    /** The address of a {@linkcode ThreadCounterModule}. */
    readonly module: string;
    /** One number per worker thread: its count up to the last call. */
    readonly counts: SharedArrayBuffer;
    /** This thread's place among them. */
    readonly place: number;
  } | null;
}

/** A running count of what the thread that opened it executes. */
export interface ThreadCounter {
  /** What is counted. */
  readonly event: string;
  /** The count so far. */
  read(): number;
  /** Ends the count. */
  close(): void;
}

/**
 * A module that counts. It is named by its address and loaded in the worker thread itself, as
 * hardware counts a thread only where that thread asks for it.
 */
export interface ThreadCounterModule {
  /** Starts to count, or says why that is not possible. */
  openHardwareFlops(): ThreadCounter | { readonly unavailable: string };
}

/** A worker's answer when it is ready. */
export interface WorkerReady {
  /** The event that it counts, or `null`. */
  readonly event: string | null;
  /** Why it does not count although it was asked to, or `null`. */
  readonly unavailable: string | null;
}
