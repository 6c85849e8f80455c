/**
 * The settings of a run, the defaults that each recipe gives them, and their checks.
 *
 * @module
 */
export * from "./recipes.ts";
export * from "./setting_types.ts";
export { activationOf, completeSettings, defaultSettings, optimizerOf } from "./settings.ts";
