// The gradient of a block sparse layer's weights, alone or taken straight into them.

// The dot products of R rows of dz with C rows of x side by side: no addition waits for the one before
// it, and a vector of either is loaded once for several products.
#define INPUTS(G) (SUMS / TOGETHER(G))

// The most of a block's dz that is brought together: 16 rows, four panels
enum { PACKED = 16 * 4 * PANEL };

// products[c R + r] = Σ over P panels of T vectors of d[r] x[indices[c]], by lanes. d has a row of dz
// after the other; the panels of x are `pitch` apart.
INLINE void block_products(const int R, const int C, const int P, const int T, const float *d,
                           const float *x, ptrdiff_t pitch, const int32_t *indices, vec *products) {
  const float *xr[C];
  UNROLL for (int c = 0; c < C; c++) xr[c] = x + (ptrdiff_t)(uint32_t)indices[c] * (T * LANES);
  UNROLL for (int i = 0; i < R * C; i++) products[i] = splat(0);
  for (int p = 0; p < P; p++, d += T * LANES)
    UNROLL for (int t = 0; t < T; t++) {
      vec row[C];
      UNROLL for (int c = 0; c < C; c++) row[c] = load(xr[c] + p * pitch + t * LANES);
      UNROLL for (int r = 0; r < R; r++) {
        const vec dr = load(d + (r * P * T + t) * LANES);
        UNROLL for (int c = 0; c < C; c++)
            products[c * R + r] = fma_(dr, row[c], products[c * R + r]);
      }
    }
}

// Fewer than four dot products on their way to memory: see take_quad.
INLINE void take_some(const int update, quad q, int count, ptrdiff_t k, Place place, float *g,
                      float *w, float *v, Sgd s) {
  for (int c = 0; c < count; c++) {
    float qc = q[c];
    if (!place.first) qc += g[k + c];
    if (!place.last) g[k + c] = qc;
    else if (update) sgd_one(qc * place.mean, w + k + c, v + k + c, s);
    else g[k + c] = qc * place.mean;
  }
}

// The gradient of C blocks from the k-th on: of R of their rows, the first of which is `first`.
INLINE void take_blocks(const int G, const int R, const int C, const int P, const int T,
                        const int update, int k, int first, Place place, const float *d,
                        const float *x, ptrdiff_t pitch, const int32_t *indices, float *g, float *w,
                        float *v, Sgd s) {
  vec products[SUMS > 4 ? SUMS : 4];
  block_products(R, C, P, T, d, x, pitch, indices + k, products);
  UNROLL for (int i = 0; i < R * C; i += 4) {
    const ptrdiff_t place_of = (ptrdiff_t)(k + i / R) * G + first + i % R;
    if (R * C >= 4) {
      quad q = sums(products[i], products[i + 1], products[i + 2], products[i + 3]);
      if (!place.first) q += *(quad *)(g + place_of);
      if (!place.last) *(quad *)(g + place_of) = q;
      else if (update) sgd_quad(q * place.mean, w + place_of, v + place_of, s);
      else *(quad *)(g + place_of) = q * place.mean;
    } else {
      quad q = sums(products[0], products[1], splat(0), splat(0));
      take_some(update, q, R * C, place_of, place, g, w, v, s);
    }
  }
}

// One block row: the gradient of its weights and of its G biases.
INLINE void block_gradient_row(const int G, const int P, const int T, const int update, int j,
                               Place place, ptrdiff_t x_pitch, ptrdiff_t dz_pitch,
                               const int32_t *indptr, const int32_t *indices, const float *x,
                               const float *dz, float *g, float *gb, float *w, float *v,
                               float *bias, float *vb, Sgd s) {
  const int R = TOGETHER(G), C = INPUTS(G);
  // Rows of dz side by side, for they are read again with every input
  float d[PACKED] __attribute__((aligned(64)));
  vec db[16];
  for (int r = 0; r < G; r++) {
    const float *dr = dz + (ptrdiff_t)(j * G + r) * (T * LANES);
    db[r] = splat(0);
    for (int p = 0; p < P; p++)
      UNROLL for (int t = 0; t < T; t++) {
        const vec part = load(dr + p * dz_pitch + t * LANES);
        store(d + ((r * P + p) * T + t) * LANES, part);
        db[r] += part;
      }
  }
  const int end = indptr[j + 1];
  for (int first = 0; first < G; first += R) {
    const float *df = d + first * P * T * LANES;
    int k = indptr[j];
#define TAKE(C)                                                                                   \
  take_blocks(G, R, C, P, T, update, k, first, place, df, x, x_pitch, indices, g, w, v, s)
    for (; k + C <= end; k += C) TAKE(C);
    if (C > 4 && k + 4 <= end) TAKE(4), k += 4;
    if (C > 2 && k + 2 <= end) TAKE(2), k += 2;
    if (C > 1 && k < end) TAKE(1);
#undef TAKE
  }
  for (int r = 0; r < G; r += 4) {
    if (G >= 4) {
      gradient_biases(update, db + r, j * G + r, 4, place, gb, bias, vb, s);
    } else {
      vec two[4] = {db[0], db[1], splat(0), splat(0)};
      gradient_biases(update, two, j * G, 2, place, gb, bias, vb, s);
    }
  }
}

INLINE void block_gradient_panels(const int G, const int update, int from, int to, int rows,
                                  int columns, int stride, float mean, const int32_t *indptr,
                                  const int32_t *indices, const float *x, const float *dz, float *g,
                                  float *gb, float *w, float *v, float *bias, float *vb, Sgd s) {
  int b = 0;
  const int64_t bytes = (int64_t)columns * stride * (int64_t)sizeof(float);
  const ptrdiff_t x_pitch = (ptrdiff_t)columns * PANEL, dz_pitch = (ptrdiff_t)rows * PANEL;
#define TAKE(P, T)                                                                                \
  for (int j = from; j < to; j++)                                                                 \
    block_gradient_row(G, P, T, update, j, (Place){b == 0, b + P * T * LANES == stride, mean},    \
                       x_pitch, dz_pitch, indptr, indices, x + (ptrdiff_t)b * columns,            \
                       dz + (ptrdiff_t)b * rows, g, gb, w, v, bias, vb, s)
  if (bytes <= BYTES_FOR_ALL)
    for (; b + 4 * PANEL <= stride; b += 4 * PANEL) TAKE(4, WHOLE);
  if (bytes <= BYTES_FOR_TWO)
    for (; b + 2 * PANEL <= stride; b += 2 * PANEL) TAKE(2, WHOLE);
  for (; b + PANEL <= stride; b += PANEL) TAKE(1, WHOLE);
  if (b < stride) TAKE(1, HALF);
#undef TAKE
}

// Mean gradient of every stored weight and every bias, block rows [from, to)
EXPORT void block_gradient(int from, int to, int size, int rows, int columns, int stride, float mean,
                           const int32_t *indptr, const int32_t *indices, const float *x,
                           const float *dz, float *g, float *gb) {
  Sgd none = {0, 0, 0, 0};
  FOR_BLOCK_SIZE(size, {
    block_gradient_panels(G, 0, from, to, rows, columns, stride, mean, indptr, indices, x, dz, g, gb,
                          0, 0, 0, 0, none);
  })
}

// The same gradient, taken straight into momentum and weights; g and gb are scratch
EXPORT void block_gradient_sgd(int from, int to, int size, int rows, int columns, int stride,
                               float mean, const int32_t *indptr, const int32_t *indices,
                               const float *x, const float *dz, float *g, float *gb, float *w,
                               float *v, float *bias, float *vb, float rate, float momentum,
                               float l2, float decay) {
  Sgd s = {rate, momentum, l2, decay};
  FOR_BLOCK_SIZE(size, {
    block_gradient_panels(G, 1, from, to, rows, columns, stride, mean, indptr, indices, x, dz, g, gb,
                          w, v, bias, vb, s);
  })
}
