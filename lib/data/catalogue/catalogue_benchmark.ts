/**
 * The 14 numerical classification tasks of the tabular benchmark (Grinsztajn, Oyallon and Varoquaux,
 * 2022; the paper's Table 7), as the benchmark publishes them.
 *
 * @module
 */
import type { CatalogueDataset, DataSource } from "./catalogue_entry.ts";

/** The split of a data set that has none of its own. */
export const HELD_OUT =
  "none of its own: a fifth is held out at random, stratified by class, with the run's seed";

/** The properties in which the benchmark's data sets differ. */
interface BenchmarkDataset {
  readonly title: string;
  /** The name of its files. */
  readonly stem: string;
  readonly rows: number;
  readonly features: number;
  readonly original: string;
  readonly licence: string;
  /** The label's column in the benchmark's file. */
  readonly label?: string;
  readonly codes?: Readonly<Record<string, string>>;
  readonly sha256?: string;
  readonly csvSha256?: string;
  readonly numbersSha256?: string;
  readonly huggingFaceSha256: string;
  /** Its number at OpenML. */
  readonly openml: number;
  /** Other publishers. */
  readonly more?: readonly DataSource[];
}

function benchmarkDataset(entry: BenchmarkDataset): CatalogueDataset {
  const { title, stem, rows, features, original, licence, openml } = entry;
  const { label = null, codes = null } = entry;
  const { sha256 = null, csvSha256 = null, numbersSha256 = null } = entry;
  const file = `${stem}.csv.gz`;
  const folder = `${openml}`.padStart(8, "0").slice(0, 4);
  return {
    title,
    file,
    testFile: null,
    target: "target",
    rows,
    features,
    classes: 2,
    extent: "exact",
    whole: null,
    paper: { rows, features },
    original,
    licence,
    transformation:
      "by the benchmark: numerical columns with at least 10 values, two classes, as many " +
      "rows of each, class 0 first; here the label column was renamed to target" +
      (codes === null ? "" : " and its values to 0 and 1"),
    split: HELD_OUT,
    files: [{ name: file, rows, sha256, csvSha256, numbersSha256 }],
    sources: [
      {
        publisher: "hugging-face",
        downloads: [{
          address: "https://huggingface.co/datasets/inria-soda/tabular-benchmark/resolve/main/" +
            `clf_num/${stem}.csv`,
          sha256: entry.huggingFaceSha256,
        }],
        form: "csv",
        label,
        codes,
      },
      {
        publisher: "openml",
        downloads: [{
          address: `https://data.openml.org/datasets/${folder}/${openml}/dataset_${openml}.pq`,
          sha256: null,
        }],
        form: "parquet",
        label,
        codes,
      },
      ...entry.more ?? [],
    ],
  };
}

/** The telescope's original table, of which the benchmark's rule makes its own. */
const MAGIC_FROM_UCI: DataSource = {
  publisher: "uci",
  downloads: [{
    address: "https://archive.ics.uci.edu/static/public/159/magic+gamma+telescope.zip",
    sha256: null,
  }],
  form: "zip",
  member: "magic04.data",
  header: [
    ..."fLength:,fWidth:,fSize:,fConc:,fConc1:,fAsym:,fM3Long:,fM3Trans:,fAlpha:,fDist:".split(","),
    "class",
  ],
  label: "class",
  codes: { g: "0", h: "1" },
  balance: true,
};

/** The data sets that can be had in full, by name. */
export const BENCHMARK_DATASETS: Readonly<Record<string, CatalogueDataset>> = {
  "bank-marketing": benchmarkDataset({
    title: "Bank marketing",
    stem: "bank-marketing",
    rows: 10578,
    features: 7,
    original: "OpenML 1461; UCI doi:10.24432/C5K306",
    licence: "CC BY 4.0 (UCI)",
    label: "Class",
    codes: { 1: "0", 2: "1" },
    sha256: "04bbe31cc626d7dc9c1daf63f0ff786ed338fb8139e5559c25cf3d99c502e3a5",
    csvSha256: "f275d16b76d5d79d48e072b176488e6fbe5bdac075afba679c2583f452e8f696",
    numbersSha256: "653d5b7a3eb804a70d78bd4c49617b3366e84f4f664a85b9cea232808383ae17",
    huggingFaceSha256: "3433fecd416ce949692442882669881746e8a6b24b904a5f808cdcb196443e7e",
    openml: 44126,
  }),
  "bioresponse": benchmarkDataset({
    title: "Bioresponse",
    stem: "Bioresponse",
    rows: 3434,
    features: 419,
    original: "OpenML 4134; Kaggle competition bioresponse",
    licence: "Kaggle competition data; no open licence stated",
    label: "target",
    sha256: "360206e5bc1b99734ab71201c15045f259b8d4f78c47bec5e4c8c0988f0bd891",
    csvSha256: "bd3d277821eb949df41219363f0386549019249776fccf7a9f08d3bec10b8727",
    numbersSha256: "52a857c63086215fd2f06113f927b633949f987d7c0c1061052645e46e523404",
    huggingFaceSha256: "bd3d277821eb949df41219363f0386549019249776fccf7a9f08d3bec10b8727",
    openml: 45019,
  }),
  "california": benchmarkDataset({
    title: "California",
    stem: "california",
    rows: 20634,
    features: 8,
    original: "scikit-learn fetch_california_housing (StatLib)",
    licence: "none stated (StatLib / Pace & Barry 1997)",
    label: "price_above_median",
    sha256: "3dc10ca8d6b5f6073b1dd3bf244b4c3d0c4723fbbc2808bf175928b6507b355b",
    csvSha256: "2d21b95392790b138d39761f4689deea8763dcd5a9507e5395398dc9c0c89334",
    numbersSha256: "58ed6f11806229dcb13da4a9f4ec47082403cc53936eaffb91e1c722ff3865c8",
    huggingFaceSha256: "0aeeed42d3a451767b44c8f8af6973eb9874a58c5bbe5a3732fb526f926a35be",
    openml: 45028,
  }),
  "credit": benchmarkDataset({
    title: "Credit",
    stem: "credit",
    rows: 16714,
    features: 10,
    original: "Kaggle competition GiveMeSomeCredit",
    licence: "Kaggle competition data (GiveMeSomeCredit); no open licence stated",
    label: "SeriousDlqin2yrs",
    sha256: "f120262a9746922f712aa76366504e0dc1a2c1f421912b71d924b8d9e8f9f56d",
    csvSha256: "f8f1f40f5d93db64386976f8020853619f60022f889bd585a2dd2951fd969d1e",
    numbersSha256: "bad677399f0a0146dbfb7131df7910c996f00c7387870ba4d58aaa0c7cbd493f",
    huggingFaceSha256: "22a759296600c39a56884dafd84eb346be018c537ff096adc8c2ae7e0520f2a9",
    openml: 44089,
  }),
  "default-of-credit-card-clients": benchmarkDataset({
    title: "Default of credit card clients",
    stem: "default-of-credit-card-clients",
    rows: 13272,
    features: 20,
    original: "OpenML 42477; UCI doi:10.24432/C55S3H",
    licence: "CC BY 4.0 (UCI)",
    label: "y",
    sha256: "ea264731bf3bb66879d6cf3d762d47b8e98e1841fced0897cc3772f93a6b89dc",
    csvSha256: "c5769cb77e65afe73c0b29a01776f48776108a2d0dc49d1cbaf854fbfb14dd64",
    numbersSha256: "10e3cea6fe127816f7d0711c5313df7fd22bc58cd5fbf71c52c4d8ce4166dfd4",
    huggingFaceSha256: "186ec333a9d81da4f62d66ff5ea17e1fa8dcf14b0e95be94fe95c04af3502c5f",
    openml: 45020,
  }),
  "diabetes130us": benchmarkDataset({
    title: "Diabetes130US",
    stem: "Diabetes130US",
    rows: 71090,
    features: 7,
    original: "OpenML 4541; UCI doi:10.24432/C5230J",
    licence: "CC BY 4.0 (UCI)",
    label: "readmitted",
    sha256: "4b47d9e95b3130070c9b6899d2d40e49cfa4d8f38d64db29c694110785427e9f",
    csvSha256: "8185129b133d4ac15fc38cfb5ffbb6afa24cbadeea3016fd32e6411aef72b674",
    numbersSha256: "a461cdb0ddb09742363c28334f9804779e9f8c601e6676b7500f3bf791d1b72a",
    huggingFaceSha256: "9be384ad7edbb9a98b509adb9cc08578e63bd87545b05d97d5147aa15b71385a",
    openml: 45022,
  }),
  "electricity": benchmarkDataset({
    title: "Electricity",
    stem: "electricity",
    rows: 38474,
    features: 7,
    original: "OpenML 151",
    licence: "none stated (OpenML lists it as public)",
    label: "class",
    codes: { DOWN: "0", UP: "1" },
    sha256: "5bfc14a64b939dc823f50fc8da775a7a691fccec266d52c87545b3c3e7cd0e7d",
    csvSha256: "bf5f0391aedec728f04e3bbebb5c67962b9543949a91ddd2b7c02c20be9b078a",
    numbersSha256: "41a7b825d06e82ba2faf013b73f33008592b1798f6c37d7f5d07a92ae50d13e7",
    huggingFaceSha256: "d6005007c4b1f7ba88cf91cb1f231969cce3e49c98d445338c0ab0342ead5d7e",
    openml: 44120,
  }),
  "eye-movements": benchmarkDataset({
    title: "Eye movements",
    stem: "eye_movements",
    rows: 7608,
    features: 20,
    original: "OpenML 1044",
    licence: "none stated (PASCAL eye-movement challenge 2005)",
    label: "label",
    sha256: "b040da9dd4cff8fa450fbfb48c0636dc3e557107bae649398159b86cd9fe08bc",
    csvSha256: "9727a920124072408f1424aa8fed029f595f4332e6cfc9740fd118cbe11e4109",
    numbersSha256: "f28a17d09bbfe87de2531322d376eac57eaf35e52ad480f5ada0b27da2e3feac",
    huggingFaceSha256: "46b2b7749acc21a3838b55e21df1838916b2da128fe80d05b7cbff987f3f8135",
    openml: 44130,
  }),
  "heloc": benchmarkDataset({
    title: "Heloc",
    stem: "heloc",
    rows: 10000,
    features: 22,
    original: "FICO Explainable Machine Learning Challenge (HELOC)",
    licence: "FICO challenge data; terms of that challenge",
    label: "RiskPerformance",
    sha256: "d65114eebbdc6f3a3d79593b4e7c1e419cb8665bff89c2d84cf1b2ba7a7f35df",
    csvSha256: "42f09cefe10d2af917107b9ed783a84d1b3503f0c52ff5c95f40fa72fc7d854d",
    numbersSha256: "62ad7a87fb69a9c895358b7654bca554a7209edfd23578b96bc0fcf85fc58728",
    huggingFaceSha256: "656c893ddc6447de22786db47ce79530ac607c772b326f396bb11768ef25cd91",
    openml: 45026,
  }),
  "house-16h": benchmarkDataset({
    title: "House16",
    stem: "house_16H",
    rows: 13488,
    features: 16,
    original: "OpenML 821",
    licence: "none stated (US census data via Delve / LIACC)",
    label: "binaryClass",
    codes: { N: "0", P: "1" },
    sha256: "ef758d412658e6d5d15d416272ad18e141f3a435772a09b119fe5eb2fe2c0887",
    csvSha256: "47b899b731b4556622bb3aa0f742068288138f3fdaade79e839a81030bbb2b26",
    numbersSha256: "4666a9246110d6a95f6ffdd1c31efcbdc06fe11097d854cd186c4fbd1977d86e",
    huggingFaceSha256: "5e266b8534c894c805a40c413da05e02ac989a7b6d6a6b8bbeb6ca6c48e1d09c",
    openml: 44123,
  }),
  "jannis": benchmarkDataset({
    title: "Jannis",
    stem: "jannis",
    rows: 57580,
    features: 54,
    original: "OpenML 41168",
    licence: "none stated (ChaLearn AutoML challenge)",
    huggingFaceSha256: "2ec0a6d60f4fc6025eb8b1ad678f196d8c662982486f8a7dd91ee6a129e28b80",
    openml: 45021,
  }),
  "magic-telescope": benchmarkDataset({
    title: "MagicTelescope",
    stem: "MagicTelescope",
    rows: 13376,
    features: 10,
    original: "OpenML 1120; UCI doi:10.24432/C52C8B",
    licence: "CC BY 4.0 (UCI)",
    label: "class",
    codes: { g: "0", h: "1" },
    sha256: "1d96580b11dffbd56b9a766d3b3eab6a014f7985717a55b51360f6ff0fc13d1f",
    csvSha256: "574fbb857c8b7a96147be7c5dbe923b668f07780b70069306df4560f515c347b",
    numbersSha256: "a24af67062c1e55a4105e2f4f13f787efa75313f08e8b45597e75bad0458c350",
    huggingFaceSha256: "67d05a42c20136481420e4df91722e6057a71e992b2fa83e6099a693e3d3d26e",
    openml: 44125,
    more: [MAGIC_FROM_UCI],
  }),
  "miniboone": benchmarkDataset({
    title: "MiniBooNE",
    stem: "MiniBooNE",
    rows: 72998,
    features: 50,
    original: "OpenML 41150; UCI doi:10.24432/C5QC87",
    licence: "CC BY 4.0 (UCI)",
    huggingFaceSha256: "3f080afdc4b5fc29e29156bef893546a430e7ee8e89298416a46ccc92577279e",
    openml: 44128,
  }),
  "pol": benchmarkDataset({
    title: "Pol",
    stem: "pol",
    rows: 10082,
    features: 26,
    original: "OpenML 722",
    licence: "none stated (LIACC)",
    label: "binaryClass",
    codes: { N: "0", P: "1" },
    sha256: "d0ffea80a32029a907e2f0803327d3e737a3d523ae1b06287e8f5ff7059a4528",
    csvSha256: "d51ba540f105ecdf2363f3676ad05688b6c8e15c3c08c694eb4b34b350fea476",
    numbersSha256: "b5e78eb88a2407d1eed6d77600b4a794ec87acc865f51ba752063c68e9826ab6",
    huggingFaceSha256: "29b47a780c3b4b746dbd2f93648cfc2b20a97649fe82b2fe9ffae64e08de75b1",
    openml: 44122,
  }),
};
