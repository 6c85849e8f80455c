// The gradient of a sparse layer's weights, alone or taken straight into them.

typedef struct {
  int first, last;  // whether these panels are the batch's first and last
  float mean;       // 1 / batch
} Place;

// Eight vectors of a row's output gradient stay in registers while its weights stream by. They are
// taken from as many panels as they fill, so that a dot product is summed over lanes only once.
enum { GROUP = 8 / WHOLE > 0 ? 8 / WHOLE : 1 };

// Inputs larger than this are taken panel by panel: so far apart, a row's parts in several panels
// would each be waited for, in the cache and for the page they are on.
enum { TOGETHER_BYTES = 6 << 20 };

// The dot products of a row of dz, in d, with four rows of x: P panels of T vectors, `pitch` apart.
// Side by side, no addition waits for the one before it.
INLINE quad four_products(const int P, const int T, const vec *d, const float *x, ptrdiff_t pitch,
                          Four i) {
  const float *xa = x + (ptrdiff_t)i.a * (T * LANES), *xb = x + (ptrdiff_t)i.b * (T * LANES);
  const float *xc = x + (ptrdiff_t)i.c * (T * LANES), *xd = x + (ptrdiff_t)i.d * (T * LANES);
  vec a = d[0] * load(xa), b = d[0] * load(xb), c = d[0] * load(xc), e = d[0] * load(xd);
  UNROLL for (int t = 1; t < T; t++) {
    a = fma_(d[t], load(xa + t * LANES), a);
    b = fma_(d[t], load(xb + t * LANES), b);
    c = fma_(d[t], load(xc + t * LANES), c);
    e = fma_(d[t], load(xd + t * LANES), e);
  }
  UNROLL for (int p = 1; p < P; p++) UNROLL for (int t = 0; t < T; t++) {
    const vec dt = d[p * T + t];
    const ptrdiff_t o = p * pitch + t * LANES;
    a = fma_(dt, load(xa + o), a);
    b = fma_(dt, load(xb + o), b);
    c = fma_(dt, load(xc + o), c);
    e = fma_(dt, load(xd + o), e);
  }
  return sums(a, b, c, e);
}

// The dot product with row i of x alone
INLINE float one_product(const int P, const int T, const vec *d, const float *x, ptrdiff_t pitch,
                         ptrdiff_t i) {
  const float *xr = x + i * (T * LANES);
  vec a = splat(0);
  UNROLL for (int p = 0; p < P; p++)
      UNROLL for (int t = 0; t < T; t++)
          a = fma_(d[p * T + t], load(xr + p * pitch + t * LANES), a);
  return sum(a);
}

// g[k] = mean over the batch of x[indices[k]] dz[j]; with `update`, taken into v and w at once.
INLINE void gradient_row(const int P, const int T, const int update, int j, Place place,
                         ptrdiff_t x_pitch, ptrdiff_t dz_pitch, const int32_t *indptr,
                         const int32_t *indices, const float *x, const float *dz, float *g,
                         float *gb, float *w, float *v, float *bias, float *vb, Sgd s) {
  vec d[GROUP * WHOLE];
  const float *dr = dz + (ptrdiff_t)j * (T * LANES);
  UNROLL for (int p = 0; p < P; p++)
      UNROLL for (int t = 0; t < T; t++) d[p * T + t] = load(dr + p * dz_pitch + t * LANES);
  vec db = d[0];
  UNROLL for (int t = 1; t < P * T; t++) db += d[t];
  float bias_sum = sum(db);
  if (!place.first) bias_sum += gb[j];
  if (!place.last) gb[j] = bias_sum;
  else if (update) sgd_one(bias_sum * place.mean, bias + j, vb + j, s);
  else gb[j] = bias_sum * place.mean;

  int k = indptr[j], end = indptr[j + 1];
  for (; k + 4 <= end; k += 4) {
    quad q = four_products(P, T, d, x, x_pitch, four_indices(indices + k));
    if (!place.first) q += *(quad *)(g + k);
    if (!place.last) *(quad *)(g + k) = q;
    else if (update) sgd_quad(q * place.mean, w + k, v + k, s);
    else *(quad *)(g + k) = q * place.mean;
  }
  for (; k < end; k++) {
    float q = one_product(P, T, d, x, x_pitch, indices[k]);
    if (!place.first) q += g[k];
    if (!place.last) g[k] = q;
    else if (update) sgd_one(q * place.mean, w + k, v + k, s);
    else g[k] = q * place.mean;
  }
}

INLINE void gradient_rows(const int P, const int T, const int update, int from, int to, int b,
                          int stride, float mean, int rows, int columns, const int32_t *indptr,
                          const int32_t *indices, const float *x, const float *dz, float *g,
                          float *gb, float *w, float *v, float *bias, float *vb, Sgd s) {
  Place place = {b == 0, b + P * T * LANES == stride, mean};
  ptrdiff_t x_pitch = (ptrdiff_t)columns * PANEL, dz_pitch = (ptrdiff_t)rows * PANEL;
  const float *xp = x + (ptrdiff_t)b * columns, *dp = dz + (ptrdiff_t)b * rows;
  for (int j = from; j < to; j++)
    gradient_row(P, T, update, j, place, x_pitch, dz_pitch, indptr, indices, xp, dp, g, gb, w, v,
                 bias, vb, s);
}

INLINE void gradient_panels(const int update, int from, int to, int rows, int columns, int stride,
                            float mean, const int32_t *indptr, const int32_t *indices,
                            const float *x, const float *dz, float *g, float *gb, float *w,
                            float *v, float *bias, float *vb, Sgd s) {
  int b = 0;
  const int together =
      GROUP == 1 || (int64_t)columns * stride * (int64_t)sizeof(float) <= TOGETHER_BYTES;
  for (; together && b + GROUP * PANEL <= stride; b += GROUP * PANEL)
    gradient_rows(GROUP, WHOLE, update, from, to, b, stride, mean, rows, columns, indptr, indices,
                  x, dz, g, gb, w, v, bias, vb, s);
  if (GROUP > 1)
    for (; b + PANEL <= stride; b += PANEL)
      gradient_rows(1, WHOLE, update, from, to, b, stride, mean, rows, columns, indptr, indices, x,
                    dz, g, gb, w, v, bias, vb, s);
  if (b < stride)
    gradient_rows(1, HALF, update, from, to, b, stride, mean, rows, columns, indptr, indices, x, dz,
                  g, gb, w, v, bias, vb, s);
}

// Mean gradient of every stored weight and every bias, rows j
EXPORT void sparse_gradient(int from, int to, int rows, int columns, int stride, float mean,
                            const int32_t *indptr, const int32_t *indices, const float *x,
                            const float *dz, float *g, float *gb) {
  Sgd none = {0, 0, 0, 0};
  gradient_panels(0, from, to, rows, columns, stride, mean, indptr, indices, x, dz, g, gb, 0, 0, 0,
                  0, none);
}

// The same gradient, taken straight into momentum and weights; g and gb are scratch
EXPORT void sparse_gradient_sgd(int from, int to, int rows, int columns, int stride, float mean,
                                const int32_t *indptr, const int32_t *indices, const float *x,
                                const float *dz, float *g, float *gb, float *w, float *v,
                                float *bias, float *vb, float rate, float momentum, float l2,
                                float decay) {
  Sgd s = {rate, momentum, l2, decay};
  gradient_panels(1, from, to, rows, columns, stride, mean, indptr, indices, x, dz, g, gb, w, v,
                  bias, vb, s);
}
