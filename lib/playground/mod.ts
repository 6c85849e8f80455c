/**
 * The playground: one HTML file in which a table is trained on, by WebAssembly in a worker, without any
 * connection.
 *
 * @module
 */
export { playgroundPage, type PlaygroundParts, SECURITY_POLICY } from "./html.ts";
