/**
 * The usual methods of other libraries, and the inputs that each takes.
 *
 * @module
 */
import { quoted, quotedList } from "../../messages.ts";

/** A library of Python. */
export interface PeerLibrary {
  /** Its name. */
  readonly name: string;
  /** The module that is imported. */
  readonly module: string;
  /** The file that fits its methods, without its ending. */
  readonly script: string;
}

/** A method of another library. */
export interface Peer {
  /** Its name in the results. */
  readonly name: string;
  /** Its name on the command line. */
  readonly key: string;
  /** The library that has it. */
  readonly library: PeerLibrary;
  /** The form of categories: codes, or one column per category. */
  readonly categories: "codes" | "one-hot";
  /** The treatment of missing values: kept, or replaced by the median of the training rows. */
  readonly missing: "kept" | "median";
  /** Set if the method takes part only if it is named. */
  readonly slow?: true | undefined;
}

const SCIKIT_LEARN = { name: "scikit-learn", module: "sklearn", script: "from_scikit_learn" };
const XGBOOST = { name: "XGBoost", module: "xgboost", script: "from_xgboost" };
const LIGHTGBM = { name: "LightGBM", module: "lightgbm", script: "from_lightgbm" };
const CATBOOST = { name: "CatBoost", module: "catboost", script: "from_catboost" };
const PYTABKIT = { name: "pytabkit", module: "pytabkit", script: "from_pytabkit" };

const COLUMNS = { categories: "one-hot", missing: "median" } as const;
const NATIVE = { categories: "codes", missing: "kept" } as const;

/** The peers, in the order in which they run. */
export const PEERS: readonly Peer[] = [
  {
    name: "HistGradientBoosting",
    key: "hist",
    library: SCIKIT_LEARN,
    categories: "one-hot",
    missing: "kept",
  },
  { name: "RandomForest (300)", key: "forest", library: SCIKIT_LEARN, ...COLUMNS },
  { name: "ExtraTrees (300)", key: "extra-trees", library: SCIKIT_LEARN, ...COLUMNS },
  { name: "XGBoost", key: "xgboost", library: XGBOOST, ...NATIVE },
  { name: "LightGBM", key: "lightgbm", library: LIGHTGBM, ...NATIVE },
  { name: "CatBoost", key: "catboost", library: CATBOOST, ...NATIVE },
  { name: "RealMLP-TD", key: "realmlp", library: PYTABKIT, ...COLUMNS, slow: true },
  { name: "TabM-D", key: "tabm", library: PYTABKIT, ...COLUMNS, slow: true },
];

/** LightGBM, tuned within the processor seconds of another method. */
export const TUNED_PEER: Peer = {
  name: "LightGBM, tuned in as many seconds",
  key: "lightgbm-tuned",
  library: { ...LIGHTGBM, script: "tuned_lightgbm" },
  ...NATIVE,
};

/** The package's name for `pip`. */
export function packageOf({ module, name }: PeerLibrary): string {
  return module === "sklearn" ? name : module;
}

/**
 * Finds peers by their names on the command line or in the results.
 *
 * @throws {RangeError} If there is no such peer.
 */
function peersNamed(names: readonly string[]): Peer[] {
  for (const name of names) {
    if (PEERS.some((peer) => peer.key === name || peer.name === name)) continue;
    throw new RangeError(
      `Cannot compare with the peer ${quoted(name)}: need one of ${
        quotedList(PEERS.map(({ key }) => key))
      }`,
    );
  }
  return PEERS.filter(({ key, name }) => names.includes(key) || names.includes(name));
}

/** The peers that a list of names selects. `"installed"` selects all peers that need not be named. */
export function peersWanted(names: readonly string[] | "installed"): Peer[] {
  return names === "installed" ? PEERS.filter(({ slow }) => !slow) : peersNamed(names);
}

/**
 * Finds the method whose processor seconds are LightGBM's budget. Returns its name in the results.
 *
 * @param method A contender or a peer, by its name in the results or on the command line.
 * @throws {RangeError} If there is no such method.
 */
export function budgetMethod(
  method: string,
  contenders: readonly { readonly name: string }[],
  peers: readonly Peer[],
): string {
  const name = peers.find(({ key }) => key === method)?.name ?? method;
  const names = [...contenders, ...peers].map(({ name }) => name);
  if (names.includes(name)) return name;
  throw new RangeError(
    `Cannot tune LightGBM for as long as ${quoted(method)}: need one of ${quotedList(names)}`,
  );
}
