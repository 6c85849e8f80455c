/** A file of a catalogue data set, as it lies in the data folder. */
export interface CatalogueFile {
  /** Its name. */
  readonly name: string;
  /** Its rows. */
  readonly rows: number;
  /** SHA-256 of the compressed file, as it was first written; `null` where it was never seen. */
  readonly sha256: string | null;
  /** SHA-256 of the text in it, which does not depend on who compressed it. */
  readonly csvSha256: string | null;
  /**
   * SHA-256 of the numbers and labels in it, which does not depend on how they are written: rows and
   * columns, features as 32-bit floats, labels, little-endian.
   */
  readonly numbersSha256: string | null;
}

/** A file that a publisher offers. */
export interface DataDownload {
  /** Its address. */
  readonly address: string;
  /** SHA-256 of it, or `null` where nobody has stated it. */
  readonly sha256: string | null;
}

/** How a publisher's files become the catalogue's. */
export interface DataSource {
  /** Who offers the data. */
  readonly publisher: "hugging-face" | "openml" | "uci" | "github";
  /** The files to download: one, or features and labels of each of the catalogue's files. */
  readonly downloads: readonly DataDownload[];
  /** Their format: one table, a pair of NumPy arrays for each file, or a table in a zip archive. */
  readonly form: "csv" | "parquet" | "npy-pairs" | "zip";
  /** The name of the table in a zip archive. */
  readonly member?: string;
  /** The columns' names where the table has no header. */
  readonly header?: readonly string[];
  /** The column with the labels; `null` for the last one. */
  readonly label: string | null;
  /** What the labels are called in the catalogue's file, or `null` to keep them. */
  readonly codes: Readonly<Record<string, string>> | null;
  /** Whether rows are still to be chosen by the benchmark's rule. */
  readonly balance?: true;
  /** How many of the last rows are the test file. */
  readonly testRows?: number;
}

/** A data set of the catalogue. */
export interface CatalogueDataset {
  /** How the paper names it. */
  readonly title: string;
  /** The table's file name. */
  readonly file: string;
  /** The file name of the test rows that its authors set aside; `null` to hold some out at random. */
  readonly testFile: string | null;
  /** The target column. */
  readonly target: string;
  /** Rows of all files. */
  readonly rows: number;
  /** Feature columns. */
  readonly features: number;
  /** Classes. */
  readonly classes: number;
  /** Whether these are the rows that the paper used, or only some of them. */
  readonly extent: "exact" | "subset";
  /** The catalogue's name of the whole data set, where this is a part. */
  readonly whole: string | null;
  /** What the paper says it has (Table 7 and the networks' inputs); `null` where it does not say. */
  readonly paper: { readonly rows: number | null; readonly features: number | null };
  /** Where the data come from in the first place. */
  readonly original: string;
  /** The licence that the original publisher states. */
  readonly licence: string;
  /** What was done to the original data. */
  readonly transformation: string;
  /** How rows are divided into those to learn from and those to be tested on. */
  readonly split: string;
  /** The files, the table first. */
  readonly files: readonly CatalogueFile[];
  /** Who offers the data, the first choice first; empty where nobody offers exactly these. */
  readonly sources: readonly DataSource[];
}
