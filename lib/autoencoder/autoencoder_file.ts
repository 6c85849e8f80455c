/**
 * The autoencoder file: a safetensors file like a model file, without a target.
 *
 * @module
 */
import { inputCount } from "../data/preprocessing/mod.ts";
import {
  encodeSafetensors,
  readSafetensors,
  type Safetensors,
  writeFileAtomically,
} from "../files/mod.ts";
import { contentError } from "../messages.ts";
import {
  checkNoneLeft,
  describeMembers,
  describePreprocessing,
  describeTensors,
  membersToTensors,
  readDescription,
  readPreprocessing,
  takeMembers,
  takePreprocessing,
} from "../model/mod.ts";
import * as v from "../valibot.ts";
import type { Autoencoder } from "./autoencoder.ts";

/** The version that this library writes and reads. */
const AUTOENCODER_VERSION = 1;

const schema = v.object({
  strategy: v.exactOptional(v.object({ name: v.string("a text") }, "an object")),
  members: v.unknown(),
});

/**
 * Saves an autoencoder. Equal autoencoders give equal bytes. Needs permission to read and write the folder.
 *
 * @param path The file. An old one is replaced in one step.
 * @throws {Error} If the file cannot be written; the message says why.
 */
export function saveAutoencoder(autoencoder: Autoencoder, path: string): void {
  const { members, settings, strategy, preprocessing } = autoencoder;
  const tensors = membersToTensors(members);
  const described = describePreprocessing(preprocessing, tensors);
  const { metadata } = describeTensors(tensors, {
    kind: "autoencoder",
    version: AUTOENCODER_VERSION,
    settings,
    strategy,
    ...described,
    members: describeMembers(members),
  });
  writeFileAtomically(path, encodeSafetensors(tensors, metadata));
}

/**
 * Loads an autoencoder. Needs permission to read the file. Everything in it is checked.
 *
 * @throws {SyntaxError} If the file is not an autoencoder file, is damaged, or is of a newer version.
 * @throws {Error} If the file cannot be read; the message says why.
 */
export function loadAutoencoder(path: string): Autoencoder {
  return decodeAutoencoder(readSafetensors(path), path);
}

function decodeAutoencoder(file: Safetensors, source: string): Autoencoder {
  const description = readDescription(
    file,
    "autoencoder",
    AUTOENCODER_VERSION,
    (value) => ({
      ...v.checkContent(schema, value, source),
      described: readPreprocessing(value, source),
    }),
    source,
  );
  const { settings, strategy, described } = description;
  if (settings.task !== "reconstruction") {
    throw contentError(source, `task "${settings.task}"`, '"reconstruction"');
  }
  const left = new Map(file.tensors);
  const preprocessing = takePreprocessing(left, described, false, source);
  const members = takeMembers(left, description.members, source);
  checkNoneLeft(left, source);
  if (members.length === 0) throw contentError(source, "no members", "at least one");
  const inputs = inputCount(preprocessing);
  const embedded = settings.embedding === "none" ? 0 : 1;
  for (const { layers } of members) {
    const widths = [layers[0].shape[1], layers[layers.length - 1].shape[0]];
    const hidden = layers.slice(embedded, -1).map(({ shape }) => shape[0]);
    if (widths.some((width) => width !== inputs) || hidden.join() !== settings.hidden.join()) {
      const found = [widths[0], ...hidden, widths[1]].join(", ");
      const need = [inputs, ...settings.hidden, inputs].join(", ");
      throw contentError(source, `a network of widths ${found}`, need);
    }
  }
  return { members, settings, strategy, preprocessing };
}
