/**
 * The page's line to its worker, whose script stands compressed in the page itself.
 *
 * @module
 */
import type { Answer, Request } from "../messages.ts";
import { byId } from "./elements.ts";

/** A line to the worker. */
export interface WorkerLink {
  /** Asks for something. Answers come to the listener. */
  ask(request: Request): void;
}

/** Starts the worker. */
export async function startWorker(
  hear: (answer: Answer) => void,
  onBroken: (message: string) => void,
): Promise<WorkerLink> {
  const packed = new Blob([inlined("worker-script")]).stream();
  const script = await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).text();
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(address);
  worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => hear(data));
  worker.addEventListener("error", ({ message }) => {
    onBroken(`The worker of this page ended: ${message || "no reason is known"}. Reload the page.`);
  });
  return {
    // Bytes of a table move to the worker: the page needs them no more.
    ask: (request) =>
      worker.postMessage(request, request.type === "open" ? [request.bytes.buffer] : []),
  };
}

/** Bytes that stand in the page as base64. */
export function inlined(id: string): Uint8Array<ArrayBuffer> {
  const text = atob(byId(id).textContent.trim());
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
