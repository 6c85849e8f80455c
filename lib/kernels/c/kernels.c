// The bulk arithmetic of the library: one source for WebAssembly (SIMD128 with relaxed SIMD) and for
// native code. reference.ts says what each function computes; the files in c/ say how it does so fast.
//
// Activations are stored in panels of 32 samples, one after the other. Within a panel they are
// feature-major: row i holds feature i of its 32 samples. So a weight is broadcast against a run of
// samples and no load is a gather, and what a panel's rows touch lies together in the caches instead
// of in a few of their sets. `stride` is the batch rounded up to a multiple of 16; the last panel is
// 16 samples wide where that is no multiple of 32. Columns beyond the batch are padding: they may
// hold anything finite, because the loss sets their gradient to zero. Sparse weights are stored by
// output neuron (CSR), or by block row where neighbouring output neurons share their inputs.
//
// Every function that writes rows takes the range [from, to) of rows to write, and a row's result
// does not depend on the range: threads may share the rows of a layer in any way.

// One after the other, each may use what stands before it.
#include "vector.h"
#include "panels.h"
#include "dropout.h"
#include "activation.h"
#include "sparse_layer.h"
#include "sgd_step.h"
#include "sparse_gradient.h"
#include "block_layer.h"
#include "block_gradient.h"
#include "sine_units.h"
#include "optimizers.h"
#include "softmax.h"
#include "dense_layer.h"
#include "one_row.h"
#include "yardstick.h"
#include "native_library.h"
