/**
 * The functions whose text is copied into exported modules. Each may use only its arguments, because
 * nothing around it is copied.
 *
 * @module
 */
export type { ArrayPlace, Facts, LayerFacts, MemberFacts, NumberFacts } from "./facts.ts";
export { inputMaker } from "./make_inputs.ts";
export { normalQuantiles } from "./normal_quantile.ts";
export { openModel } from "./open_model.ts";
export { plainMembers } from "./plain_members.ts";
export { rowReader } from "./read_rows.ts";
export { wasmMembers } from "./wasm_members.ts";
