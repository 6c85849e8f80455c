/// <reference lib="webworker" />
/**
 * The script of the worker: it hears the page's requests, and answers.
 *
 * @module
 */
import type { Request } from "../messages.ts";
import { openSession } from "./session.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
const session = openSession((answer, transfer = []) => scope.postMessage(answer, transfer));

scope.addEventListener("message", (event: MessageEvent<Request>) => {
  session.hear(event.data);
});
