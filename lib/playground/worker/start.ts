/// <reference lib="webworker" />
/**
 * The script of the worker. It receives the page's requests and answers them.
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
