/**
 * The playground's worker: it reads a table, trains on it, scores the ensemble and predicts rows.
 *
 * @module
 */
export { openSession, type Session, type Tell } from "./session.ts";
