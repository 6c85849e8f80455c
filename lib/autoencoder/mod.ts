/**
 * Autoencoders: networks that learn to reproduce their inputs. Trains them, saves them, and computes codes.
 *
 * @module
 */
export * from "./autoencoder.ts";
export { loadAutoencoder, saveAutoencoder } from "./autoencoder_file.ts";
export * from "./encode.ts";
