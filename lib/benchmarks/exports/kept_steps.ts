/**
 * Keeps what a study learns: models, and the results of steps that take minutes. They are stored in a
 * folder, so that a killed study learns nothing twice. What is measured is not kept.
 *
 * @module
 */
import { writeFileAtomically } from "../../files/mod.ts";
import { load, type Model, save } from "../../model/mod.ts";
import { node } from "../../node.ts";

/** Models and results that a study keeps. */
export interface Kept {
  /** Returns the stored result of a named step, which is JSON, or carries the step out. */
  step<Found>(name: string, make: () => Promise<Found>): Promise<Found>;
  /** Returns the stored model of a name, or makes it. */
  model(name: string, make: () => Promise<Model>): Promise<Model>;
}

/** Carries out every step, and stores nothing. */
export const keepNothing: Kept = {
  step: (_name, make) => make(),
  model: (_name, make) => make(),
};

/**
 * Stores models and results in a folder.
 *
 * @param folder A folder that exists. It may have been filled by a killed study.
 */
export function keepIn(folder: string): Kept {
  const { fs } = node;
  const path = `${folder}/steps.json`;
  const found: Record<string, unknown> = fs.existsSync(path)
    ? JSON.parse(fs.readFileSync(path, "utf8"))
    : {};
  return {
    async step<Found>(name: string, make: () => Promise<Found>): Promise<Found> {
      if (!Object.hasOwn(found, name)) {
        found[name] = await make();
        writeFileAtomically(path, `${JSON.stringify(found, null, 1)}\n`);
      }
      return found[name] as Found;
    },
    async model(name, make) {
      const file = `${folder}/${name.replaceAll(/[^\w]+/g, "_")}.safetensors`;
      if (fs.existsSync(file)) return load(file);
      const model = await make();
      save(model, file);
      return model;
    },
  };
}
