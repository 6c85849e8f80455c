/**
 * The settings of a run, the defaults that each recipe gives them, and their checks.
 *
 * @module
 */
export { recipeDefaults, settingsForRows } from "./recipes.ts";
export {
  type Candidate,
  type MethodName,
  METHODS,
  type RecipeName,
  RECIPES,
  type Settings,
} from "./setting_types.ts";
export { activationOf, completeSettings, defaultSettings, optimizerOf } from "./settings.ts";
