import { Buffer } from "node:buffer";
import { decodeModel, encodeModel } from "../../lib/model/model_file.ts";
import { decodeSafetensors, encodeSafetensors } from "../../lib/files/safetensors.ts";
import { type Model } from "../../lib/model/model.ts";
import { smallModel } from "./small_model.ts";

/** The name of the model file in errors. */
export const source = "model.safetensors";

/** Raw rows for the model. */
export const rows = [[0.1, 1, 7, -50], [1, 2.5, 7, 30], [-1, 2, 8, 0]];

/** A small trained model. */
export const model = await smallModel();

/** Its file. */
export const bytes = bytesOf(model);

/** The bytes of a model file. */
export function bytesOf(model: Model): Uint8Array {
  const { tensors, metadata } = encodeModel(model);
  return new Uint8Array(Buffer.concat(encodeSafetensors(tensors, metadata)));
}

/** Reads a model from the bytes of a file. */
export function decode(bytes: Uint8Array): Model {
  return decodeModel(decodeSafetensors(bytes, source), source);
}

/** `true` for an error about the file that a person understands. */
export function isClear(error: unknown): boolean {
  return error instanceof SyntaxError && error.message.length < 1500 &&
    error.message.startsWith(`Cannot read "${source}": `) &&
    !/undefined|\[object|Cannot (read|set) propert|is not a function/.test(error.message);
}
