// The gradient of a sparse layer's weights, alone or taken straight into them.

typedef struct {
  int first, last;  // whether these panels are the batch's first and last
  float mean;       // 1 / batch
} Place;

// Eight vectors of a row's output gradient stay in registers while its weights stream by. They are
// taken from as many panels as they fill, so that a dot product is summed over lanes only once.
enum { GROUP = 8 / WHOLE > 0 ? 8 / WHOLE : 1 };

// Larger inputs are taken from fewer panels at a time, down to one: so far apart, a row's parts in
// several panels would each be waited for, in the cache and for the page they are on.
enum { BYTES_FOR_ALL = 4 << 20, BYTES_FOR_TWO = 16 << 20 };

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

#if VECTOR_BYTES >= 32
// The same with eight rows of one panel, where there is more to sum over lanes than to multiply
INLINE oct eight_products(const int T, const vec *d, const float *x, const int32_t *indices) {
  vec products[8];
  UNROLL for (int c = 0; c < 8; c++) {
    const float *xr = x + (ptrdiff_t)(uint32_t)indices[c] * (T * LANES);
    products[c] = d[0] * load(xr);
    UNROLL for (int t = 1; t < T; t++) products[c] = fma_(d[t], load(xr + t * LANES), products[c]);
  }
  return eight_sums(products);
}
#endif

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

// Four dot products on their way to memory: added to those of earlier panels, and with the last ones
// scaled and, with `update`, taken into v and w.
INLINE void take_quad(const int update, quad q, int k, Place place, float *g, float *w, float *v,
                      Sgd s) {
  if (!place.first) q += *(quad *)(g + k);
  if (!place.last) *(quad *)(g + k) = q;
  else if (update) sgd_quad(q * place.mean, w + k, v + k, s);
  else *(quad *)(g + k) = q * place.mean;
}

// g[k] = mean over the batch of x[indices[k]] dz[j]; with `update`, taken into v and w at once.
// Returns dz[j], yet to be summed over lanes: the gradient of the bias.
INLINE vec gradient_row(const int P, const int T, const int update, int j, Place place,
                        ptrdiff_t x_pitch, ptrdiff_t dz_pitch, const int32_t *indptr,
                        const int32_t *indices, const float *x, const float *dz, float *g, float *w,
                        float *v, Sgd s) {
  vec d[GROUP * WHOLE];
  const float *dr = dz + (ptrdiff_t)j * (T * LANES);
  UNROLL for (int p = 0; p < P; p++)
      UNROLL for (int t = 0; t < T; t++) d[p * T + t] = load(dr + p * dz_pitch + t * LANES);
  int k = indptr[j], end = indptr[j + 1];
#if VECTOR_BYTES >= 32
  for (; P == 1 && k + 8 <= end; k += 8) {
    oct q = eight_products(T, d, x, indices + k);
    quad low = __builtin_shufflevector(q, q, 0, 1, 2, 3);
    quad high = __builtin_shufflevector(q, q, 4, 5, 6, 7);
    take_quad(update, low, k, place, g, w, v, s);
    take_quad(update, high, k + 4, place, g, w, v, s);
  }
#endif
  for (; k + 4 <= end; k += 4)
    take_quad(update, four_products(P, T, d, x, x_pitch, four_indices(indices + k)), k, place, g, w,
              v, s);
  for (; k < end; k++) {
    float q = one_product(P, T, d, x, x_pitch, indices[k]);
    if (!place.first) q += g[k];
    if (!place.last) g[k] = q;
    else if (update) sgd_one(q * place.mean, w + k, v + k, s);
    else g[k] = q * place.mean;
  }
  vec db = d[0];
  UNROLL for (int t = 1; t < P * T; t++) db += d[t];
  return db;
}

// The biases of rows j to j + count, four at most. Fewer go through copies, as parts of a quad all the
// same: which rows are taken together must not be seen in their bits.
INLINE void gradient_biases(const int update, const vec *db, int j, int count, Place place,
                            float *gb, float *bias, float *vb, Sgd s) {
  quad q = sums(db[0], db[1], db[2], db[3]);
  if (count == 4) {
    take_quad(update, q, j, place, gb, bias, vb, s);
    return;
  }
  float g4[4] = {0}, b4[4] = {0}, v4[4] = {0};
  for (int c = 0; c < count; c++) {
    g4[c] = gb[j + c];
    if (update) b4[c] = bias[j + c], v4[c] = vb[j + c];
  }
  take_quad(update, q, 0, place, g4, b4, v4, s);
  for (int c = 0; c < count; c++) {
    gb[j + c] = g4[c];
    if (update) bias[j + c] = b4[c], vb[j + c] = v4[c];
  }
}

INLINE void gradient_rows(const int P, const int T, const int update, int from, int to, int b,
                          int stride, float mean, int rows, int columns, const int32_t *indptr,
                          const int32_t *indices, const float *x, const float *dz, float *g,
                          float *gb, float *w, float *v, float *bias, float *vb, Sgd s) {
  Place place = {b == 0, b + P * T * LANES == stride, mean};
  ptrdiff_t x_pitch = (ptrdiff_t)columns * PANEL, dz_pitch = (ptrdiff_t)rows * PANEL;
  const float *xp = x + (ptrdiff_t)b * columns, *dp = dz + (ptrdiff_t)b * rows;
  for (int j = from; j < to; j += 4) {
    const int count = to - j < 4 ? to - j : 4;
    vec db[4] = {0};
    for (int c = 0; c < count; c++)
      db[c] = gradient_row(P, T, update, j + c, place, x_pitch, dz_pitch, indptr, indices, xp, dp, g,
                           w, v, s);
    gradient_biases(update, db, j, count, place, gb, bias, vb, s);
  }
}

INLINE void gradient_panels(const int update, int from, int to, int rows, int columns, int stride,
                            float mean, const int32_t *indptr, const int32_t *indices,
                            const float *x, const float *dz, float *g, float *gb, float *w,
                            float *v, float *bias, float *vb, Sgd s) {
  int b = 0;
  const int64_t bytes = (int64_t)columns * stride * (int64_t)sizeof(float);
#define TAKE(P, T)                                                                                \
  gradient_rows(P, T, update, from, to, b, stride, mean, rows, columns, indptr, indices, x, dz, g, \
                gb, w, v, bias, vb, s)
  if (GROUP >= 4 && bytes <= BYTES_FOR_ALL)
    for (; b + 4 * PANEL <= stride; b += 4 * PANEL) TAKE(4, WHOLE);
  if (GROUP >= 2 && bytes <= BYTES_FOR_TWO)
    for (; b + 2 * PANEL <= stride; b += 2 * PANEL) TAKE(2, WHOLE);
  for (; b + PANEL <= stride; b += PANEL) TAKE(1, WHOLE);
  if (b < stride) TAKE(1, HALF);
#undef TAKE
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
