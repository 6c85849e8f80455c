// One sample, without the padding of a panel: x and out have one value a neuron. The weights of a neuron
// lie side by side, so their inputs are gathered.

#if defined(__AVX2__)
#include <immintrin.h>
#endif

INLINE vec gather(const float *x, const int32_t *indices) {
#if defined(__AVX512F__)
  return (vec)_mm512_i32gather_ps(_mm512_loadu_si512(indices), x, 4);
#elif defined(__AVX2__)
  return (vec)_mm256_i32gather_ps(x, _mm256_loadu_si256((const __m256i *)indices), 4);
#else
  Four i = four_indices(indices);
  return (vec){x[i.a], x[i.b], x[i.c], x[i.d]};
#endif
}

// Σ_k w[k] x[indices[k]] for k in [from, to)
INLINE float row_product(int from, int to, const int32_t *indices, const float *w, const float *x) {
  vec acc = splat(0);
  int k = from;
  for (; k + LANES <= to; k += LANES) acc = fma_(load(w + k), gather(x, indices + k), acc);
#if defined(__AVX512F__)
  // Rows differ in length: a loop over the rest would be mispredicted in most of them.
  const __mmask16 rest = (__mmask16)((1u << (to - k)) - 1);
  const __m512i i = _mm512_maskz_loadu_epi32(rest, indices + k);
  const vec inputs = (vec)_mm512_mask_i32gather_ps(_mm512_setzero_ps(), rest, i, x, 4);
  return sum(fma_((vec)_mm512_maskz_loadu_ps(rest, w + k), inputs, acc));
#else
  float rest = 0;
  for (; k < to; k++) rest += w[k] * x[indices[k]];
  return sum(acc) + rest;
#endif
}

// z[g] += Σ_k w[k][g] x[indices[k]] for the 4 T neurons g of a block, which share their inputs
INLINE void block_product(const int T, int from, int to, const int32_t *indices, const float *w,
                          const float *x, float *z) {
  quad acc[4] = {0};
  for (int k = from; k < to; k++) {
    const float xk = x[indices[k]];
    const quad input = {xk, xk, xk, xk};
    const quad *wk = (const quad *)(w + (ptrdiff_t)k * (4 * T));
    UNROLL for (int t = 0; t < T; t++) acc[t] += wk[t] * input;
  }
  UNROLL for (int t = 0; t < T; t++) *(quad *)(z + 4 * t) += acc[t];
}

// The activation of neurons in [from, to), in place. Whether a neuron's z is negative cannot be
// predicted: a branch would cost as much as ten of its weights.
INLINE void gate(int from, int to, float *z, float slope) {
  int j = from;
  for (; j + LANES <= to; j += LANES) {
    vec v = load(z + j);
    store(z + j, choose((mask)(v < 0.0f), v * slope, v));
  }
  for (; j < to; j++) z[j] = z[j] < 0 ? z[j] * slope : z[j];
}

// out[j] = activation(bias[j] + Σ_k w[k] x[indices[k]]) of one sample. Block rows in [from, to): each has
// `block` output neurons, at most 16
EXPORT void sparse_row(int from, int to, int block, const int32_t *indptr, const int32_t *indices,
                       const float *w, const float *bias, const float *x, float *out, float slope) {
  if (block == 1) {
    for (int j = from; j < to; j++)
      out[j] = bias[j] + row_product(indptr[j], indptr[j + 1], indices, w, x);
    gate(from, to, out, slope);
    return;
  }
  for (int j = from; j < to; j++) {
    const int first = indptr[j], last = indptr[j + 1], neuron = j * block;
    float z[16];
    for (int g = 0; g < block; g++) z[g] = bias[neuron + g];
    if (block == 4) block_product(1, first, last, indices, w, x, z);
    else if (block == 8) block_product(2, first, last, indices, w, x, z);
    else if (block == 16) block_product(4, first, last, indices, w, x, z);
    else
      for (int k = first; k < last; k++)
        for (int g = 0; g < block; g++) z[g] += w[(ptrdiff_t)k * block + g] * x[indices[k]];
    for (int g = 0; g < block; g++) out[neuron + g] = z[g];
  }
  gate(from * block, to * block, out, slope);
}

// out[j] = activation(bias[j] + Σ_i w[j][i] x[i]) of one sample, rows j in [from, to)
EXPORT void dense_row(int from, int to, int columns, const float *w, const float *bias,
                      const float *x, float *out, float slope) {
  for (int j = from; j < to; j++) {
    const float *row = w + (ptrdiff_t)j * columns;
    vec acc = splat(0);
    float rest = 0;
    int i = 0;
    for (; i + LANES <= columns; i += LANES) acc = fma_(load(row + i), load(x + i), acc);
    for (; i < columns; i++) rest += row[i] * x[i];
    out[j] = bias[j] + sum(acc) + rest;
  }
  gate(from, to, out, slope);
}
