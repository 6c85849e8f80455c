/**
 * Other libraries, measured with the same work in the same run.
 *
 * @module
 */
export { comparePeers, type PeerComparison } from "./peers.ts";
