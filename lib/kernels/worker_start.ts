/** The message that starts a worker thread. */
export interface WorkerStart {
  /** The shared words of the thread protocol. */
  readonly words: SharedArrayBuffer;
  /** The shared arguments of the current call. */
  readonly numbers: SharedArrayBuffer;
  /** The memory of the WebAssembly kernels and the top of this thread's stack; `null` if native. */
  readonly wasm: { readonly memory: WebAssembly.Memory; readonly stackTop: number } | null;
  /** The file of the native library; `null` for WebAssembly. */
  readonly library: string | null;
  /** The counter of this thread's operations; `null` without counting. */
  readonly counter: {
    /** The address of a {@linkcode ThreadCounterModule}. */
    readonly module: string;
    /** One count per worker thread, up to its last call. */
    readonly counts: SharedArrayBuffer;
    /** This thread's index in `counts`. */
    readonly place: number;
  } | null;
}

/** A running count of the operations of the thread that opened it. */
export interface ThreadCounter {
  /** The counted event. */
  readonly event: string;
  /** Returns the count so far. */
  read(): number;
  /** Ends the count. */
  close(): void;
}

/**
 * A module that counts operations. The worker thread imports it itself, because a thread's hardware
 * counter must be opened in that thread.
 */
export interface ThreadCounterModule {
  /** Starts a count, or returns the reason why that is not possible. */
  openHardwareFlops(): ThreadCounter | { readonly unavailable: string };
}

/** The message of a worker thread that is ready: what it counts, or why it cannot; `null` if not asked. */
export type WorkerReady = { readonly event: string } | { readonly unavailable: string } | null;
