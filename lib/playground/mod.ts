/**
 * The playground: one HTML file that trains on a table, by WebAssembly in a worker, without a network
 * connection.
 *
 * @module
 */
export { playgroundPage, type PlaygroundParts, SECURITY_POLICY } from "./html.ts";
