/**
 * A server on 127.0.0.1 that offers files as publishers do, and fails as they do.
 *
 * @module
 */

/** How a file is offered. */
export interface Offer {
  /** Its content. */
  readonly content: Uint8Array<ArrayBuffer> | string;
  /** Whether a part may be asked for. Default: true. */
  readonly ranges?: boolean;
  /** Its version, or `null` for none. Default: `"1"`. */
  readonly etag?: string | null;
  /** After how many bytes of the content each of the first requests is cut. */
  readonly cuts?: number[];
  /** An answer in place of the content, for the first requests. */
  readonly instead?: Response[];
  /** Wait for this before the rest of the content is sent, after half of it. */
  readonly pause?: Promise<void>;
}

/** A request that came. */
export interface Asked {
  readonly path: string;
  readonly range: string | null;
  readonly ifRange: string | null;
}

/** The server, until the end of the block that uses it. */
export interface FileServer extends AsyncDisposable {
  /** The beginning of its addresses. */
  readonly origin: string;
  /** What was asked for, in order. */
  readonly asked: Asked[];
  /** What it offers, by path. May change. */
  readonly offers: Record<string, Offer>;
}

/** Serves files. */
export function serveFiles(offers: Record<string, Offer>): FileServer {
  const asked: Asked[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const path = new URL(request.url).pathname;
    const { headers } = request;
    asked.push({ path, range: headers.get("range"), ifRange: headers.get("if-range") });
    const offer = offers[path];
    if (offer === undefined) return new Response("none", { status: 404, statusText: "Not Found" });
    const instead = offer.instead?.shift();
    if (instead !== undefined) return instead;
    return answer(offer, headers);
  });
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    asked,
    offers,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function answer(offer: Offer, asked: Headers): Response {
  const { content, ranges = true, etag = '"1"', cuts, pause } = offer;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const headers: Record<string, string> = etag === null ? {} : { etag };
  const ifRange = asked.get("if-range");
  const range = /^bytes=(\d+)-$/.exec(asked.get("range") ?? "");
  let from = 0;
  if (ranges && range !== null && (ifRange === null || ifRange === etag)) {
    from = Number(range[1]);
    if (from >= bytes.length) {
      const { length } = bytes;
      return new Response(null, { status: 416, headers: { "content-range": `bytes */${length}` } });
    }
    headers["content-range"] = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
  }
  headers["content-length"] = `${bytes.length - from}`;
  const cut = cuts?.shift();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async start(controller) {
      const rest = bytes.subarray(from);
      if (cut !== undefined) {
        controller.enqueue(rest.subarray(0, cut));
        // Time for what was sent to arrive: an error overtakes it otherwise.
        await new Promise((resolve) => setTimeout(resolve, 100));
        controller.error(new Error("cut"));
        return;
      }
      const half = pause === undefined ? 0 : rest.length >> 1;
      controller.enqueue(rest.slice(0, half));
      await pause;
      try {
        controller.enqueue(rest.slice(half));
        controller.close();
      } catch {
        // Whoever asked has gone.
      }
    },
  });
  return new Response(body, { status: from > 0 ? 206 : 200, headers });
}
