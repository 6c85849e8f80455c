/**
 * Other libraries, measured with the same work in the same run.
 *
 * @module
 */
export type { Missing, PeerCase } from "./peer.ts";
export { comparePeers, type PeerComparison } from "./peers.ts";
