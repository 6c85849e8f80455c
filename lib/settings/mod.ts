/**
 * The settings of a run, the defaults that each recipe gives them, and their checks.
 *
 * @module
 */
export * from "./settings.ts";
