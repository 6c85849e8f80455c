/**
 * Autoencoders, which learn to reproduce their inputs: training, files, codes.
 *
 * @module
 */
export * from "./autoencoder.ts";
export { loadAutoencoder, saveAutoencoder } from "./autoencoder_file.ts";
export * from "./encode.ts";
