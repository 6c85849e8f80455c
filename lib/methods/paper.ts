/** The paper that proposed the TSE methods, and whose baselines the single and dense networks are. */
export const PAPER = "P. R. D. van der Wal, N. Strisciuglio, G. Azzopardi and D. C. Mocanu, " +
  '"Multilayer perceptron ensembles in a truly sparse training context", Neural Computing and ' +
  "Applications, 2025, https://doi.org/10.1007/s00521-025-11294-3";
