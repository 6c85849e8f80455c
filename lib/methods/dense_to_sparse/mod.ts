/**
 * Methods that begin denser than they end. At the beginning they need the memory of the denser network.
 *
 * @module
 */
export * from "./gradual_pruning.ts";
export * from "./granet.ts";
export * from "./lottery_tickets.ts";
export * from "./snip.ts";
export * from "./synflow.ts";
