// The sparse layer forward and backward.

// The indices of four connections in a row
typedef struct {
  uint32_t a, b, c, d;
} Four;

INLINE Four four_indices(const int32_t *p) {
#if defined(__wasm__)
  typedef uint64_t pair __attribute__((aligned(4)));
  pair ab = *(const pair *)p, cd = *(const pair *)(p + 2);
  return (Four){(uint32_t)ab, (uint32_t)(ab >> 32), (uint32_t)cd, (uint32_t)(cd >> 32)};
#else
  return (Four){(uint32_t)p[0], (uint32_t)p[1], (uint32_t)p[2], (uint32_t)p[3]};
#endif
}

INLINE void add_row(const int T, vec weight, const float *row, vec *acc) {
  UNROLL for (int t = 0; t < T; t++) acc[t] = fma_(weight, load(row + t * LANES), acc[t]);
}

// acc += Σ_k w[k] x[indices[k]] for k in [from, to), one panel of x. With `fetch`, w is yet to be
// fetched: w[k] = source[entries[k]]
INLINE void add_rows(const int T, const int fetch, int from, int to, const int32_t *indices,
                     const int32_t *entries, const float *source, float *w, const float *x,
                     vec *acc) {
  int k = from;
#if defined(__wasm__)
  // Deno's WebAssembly compares every address with the memory's end in plain instructions. What it
  // compares with depends on the offset alone: four rows share it, as they share the loads of their
  // indices and weights. Native code is slower this way once the rows come from beyond the L2 cache.
  for (; k + 4 <= to; k += 4) {
    Four i = four_indices(indices + k);
    vec wk;
    if (fetch) {
      Four e = four_indices(entries + k);
      wk = (vec){source[e.a], source[e.b], source[e.c], source[e.d]};
      store(w + k, wk);
    } else wk = load(w + k);
    add_row(T, __builtin_shufflevector(wk, wk, 0, 0, 0, 0), x + (ptrdiff_t)i.a * (T * LANES), acc);
    add_row(T, __builtin_shufflevector(wk, wk, 1, 1, 1, 1), x + (ptrdiff_t)i.b * (T * LANES), acc);
    add_row(T, __builtin_shufflevector(wk, wk, 2, 2, 2, 2), x + (ptrdiff_t)i.c * (T * LANES), acc);
    add_row(T, __builtin_shufflevector(wk, wk, 3, 3, 3, 3), x + (ptrdiff_t)i.d * (T * LANES), acc);
  }
#endif
  for (; k < to; k++) {
    const float wk = fetch ? source[entries[k]] : w[k];
    if (fetch) w[k] = wk;
    add_row(T, splat(wk), x + (ptrdiff_t)indices[k] * (T * LANES), acc);
  }
}

// One row of one panel; x, out and factor are the panel's.
INLINE void forward_row(const int T, int j, int b, const int32_t *indptr, const int32_t *indices,
                        const float *w, const float *x, const float *bias, Activation f,
                        float *out, float *factor) {
  vec acc[WHOLE];
  UNROLL for (int t = 0; t < T; t++) acc[t] = splat(bias[j]);
  add_rows(T, 0, indptr[j], indptr[j + 1], indices, 0, 0, (float *)w, x, acc);
  uint32_t row_key = f.threshold ? hash(f.key + (uint32_t)j * 0x9e3779b9u) : 0;
  ptrdiff_t o = (ptrdiff_t)j * (T * LANES);
  UNROLL for (int t = 0; t < T; t++)
      activate(acc[t], f, row_key, b + t * LANES, out + o + t * LANES,
               factor ? factor + o + t * LANES : 0);
}

// out[j] = activation(bias[j] + Σ_k w[k] x[indices[k]]), rows j of the output
EXPORT void sparse_forward(int from, int to, int rows, int columns, int stride,
                           const int32_t *indptr, const int32_t *indices, const float *w,
                           const float *bias, const float *x, float *out, float *factor,
                           float slope, uint32_t threshold, uint32_t key) {
  Activation f = {slope, threshold ? 65536.0f / (65536.0f - (float)threshold) : 1.0f, threshold, key};
  FOR_PANELS(stride, {
    const float *xp = x + (ptrdiff_t)b * columns;
    float *op = out + (ptrdiff_t)b * rows, *fp = factor ? factor + (ptrdiff_t)b * rows : 0;
    for (int j = from; j < to; j++)
      forward_row(T, j, b, indptr, indices, w, xp, bias, f, op, fp);
  })
}

INLINE void backward_row(const int T, const int fetch, int i, const int32_t *indptr,
                         const int32_t *rows, const int32_t *entries, const float *w, float *tw,
                         const float *dz, const float *factor, float *dx) {
  vec acc[WHOLE];
  UNROLL for (int t = 0; t < T; t++) acc[t] = splat(0);
  add_rows(T, fetch, indptr[i], indptr[i + 1], rows, entries, w, tw, dz, acc);
  ptrdiff_t o = (ptrdiff_t)i * (T * LANES);
  UNROLL for (int t = 0; t < T; t++)
      store(dx + o + t * LANES, factor ? acc[t] * load(factor + o + t * LANES) : acc[t]);
}

// More weights than these are brought into the index's order before any product: the wait for each is
// so long that products in between leave no room for waiting side by side.
enum { FETCH_APART_BYTES = 8 << 20 };

// dx[i] = factor[i] ⊙ Σ_k w[entries[k]] dz[of[k]], over the transpose index, rows i of the input. The
// first panel brings the weights into the index's order, in tw, for the others
EXPORT void sparse_backward(int from, int to, int rows, int columns, int stride,
                            const int32_t *indptr, const int32_t *of, const int32_t *entries,
                            const float *w, float *tw, const float *dz, const float *factor,
                            float *dx) {
  const int apart = (int64_t)indptr[columns] * (int64_t)sizeof(float) > FETCH_APART_BYTES;
  if (apart)
    for (int k = indptr[from]; k < indptr[to]; k++) tw[k] = w[entries[k]];
  FOR_PANELS(stride, {
    const float *dp = dz + (ptrdiff_t)b * rows;
    const float *fp = factor ? factor + (ptrdiff_t)b * columns : 0;
    float *xp = dx + (ptrdiff_t)b * columns;
    if (b == 0 && !apart)
      for (int i = from; i < to; i++) backward_row(T, 1, i, indptr, of, entries, w, tw, dp, fp, xp);
    else
      for (int i = from; i < to; i++) backward_row(T, 0, i, indptr, of, entries, w, tw, dp, fp, xp);
  })
}
