/**
 * What a run can be told: settings, their defaults in each recipe, and their checks.
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
export {
  activationOf,
  completeSettings,
  defaultSettings,
  nearest,
  optimizerOf,
} from "./settings.ts";
