/**
 * Connects the page with its worker. The worker's script is in the page, compressed.
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
    // The bytes of a table are transferred to the worker, because the page no longer needs them.
    ask: (request) =>
      worker.postMessage(request, request.type === "open" ? [request.bytes.buffer] : []),
  };
}

/** The bytes that the page holds as base64. */
export function inlined(id: string): Uint8Array<ArrayBuffer> {
  const text = atob(byId(id).textContent.trim());
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
