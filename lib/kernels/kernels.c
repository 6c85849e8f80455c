// The bulk arithmetic of the library: one source for WebAssembly (SIMD128 with relaxed SIMD) and for
// native code. reference.ts says what each function computes; this file says how it does so fast.
//
// Activations are stored in panels of 32 samples, one after the other. Within a panel they are
// feature-major: row i holds feature i of its 32 samples. So a weight is broadcast against a run of
// samples and no load is a gather, and what a panel's rows touch lies together in the caches instead
// of in a few of their sets. `stride` is the batch rounded up to a multiple of 16; the last panel is
// 16 samples wide where that is no multiple of 32. Columns beyond the batch are padding: they may
// hold anything finite, because the loss sets their gradient to zero. Sparse weights are stored by
// output neuron (CSR).
//
// Every function that writes rows takes the range [from, to) of rows to write, and a row's result
// does not depend on the range: threads may share the rows of a layer in any way.

#include <stddef.h>
#include <stdint.h>

#if defined(__wasm__)
#define EXPORT __attribute__((visibility("default")))
#define VECTOR_BYTES 16
#elif defined(__AVX512F__)
#define EXPORT __attribute__((visibility("default")))
#define VECTOR_BYTES 64
#elif defined(__AVX2__)
#define EXPORT __attribute__((visibility("default")))
#define VECTOR_BYTES 32
#else
#define EXPORT __attribute__((visibility("default")))
#define VECTOR_BYTES 16
#endif

enum { LANES = VECTOR_BYTES / 4 };

// Samples per panel, and vectors per whole and per half panel.
enum { PANEL = 32, WHOLE = PANEL / LANES, HALF = WHOLE / 2 };

typedef float vec __attribute__((vector_size(VECTOR_BYTES), aligned(4)));
typedef uint32_t bits __attribute__((vector_size(VECTOR_BYTES), aligned(4)));
typedef int32_t mask __attribute__((vector_size(VECTOR_BYTES), aligned(4)));
typedef float quad __attribute__((vector_size(16), aligned(4)));

#define INLINE static inline __attribute__((always_inline))
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

INLINE vec load(const float *p) { return *(const vec *)p; }
INLINE void store(float *p, vec v) { *(vec *)p = v; }
#if defined(__wasm__)
INLINE vec splat(float x) { return (vec){x, x, x, x}; }
#else
INLINE vec splat(float x) { return (vec){} + x; }
#endif

// a × b + c in one rounding where the processor can.
#if defined(__wasm__)
INLINE vec fma_(vec a, vec b, vec c) { return __builtin_wasm_relaxed_madd_f32x4(a, b, c); }
#else
INLINE vec fma_(vec a, vec b, vec c) { return a * b + c; }
#endif

// Each lane from `a` where `m` is set, else from `b`.
INLINE vec choose(mask m, vec a, vec b) { return (vec)(((bits)a & (bits)m) | ((bits)b & ~(bits)m)); }

// The sum over the lanes, narrowed to four lanes.
#if VECTOR_BYTES == 64
INLINE quad fold(vec v) {
  typedef float half __attribute__((vector_size(32)));
  half h = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
           __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  return __builtin_shufflevector(h, h, 0, 1, 2, 3) + __builtin_shufflevector(h, h, 4, 5, 6, 7);
}
#elif VECTOR_BYTES == 32
INLINE quad fold(vec v) {
  return __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
}
#else
INLINE quad fold(vec v) { return v; }
#endif

// Lane t of the result is the sum over the lanes of the t-th argument.
INLINE quad sums(vec a, vec b, vec c, vec d) {
  quad qa = fold(a), qb = fold(b), qc = fold(c), qd = fold(d);
  quad ab = __builtin_shufflevector(qa, qb, 0, 4, 1, 5) + __builtin_shufflevector(qa, qb, 2, 6, 3, 7);
  quad cd = __builtin_shufflevector(qc, qd, 0, 4, 1, 5) + __builtin_shufflevector(qc, qd, 2, 6, 3, 7);
  return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

INLINE float sum(vec a) {
  quad q = fold(a);
  return (q[0] + q[1]) + (q[2] + q[3]);
}

// ---------------------------------------------------------------------------------------------
// Dropout: a counter-based generator, so that a bit depends on (key, row, sample) and on nothing else.

// Wellons' "lowbias32" integer hash.
INLINE uint32_t hash(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return x;
}

INLINE bits hash_lanes(bits x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return x;
}

#if VECTOR_BYTES == 64
#define LANE_NUMBERS ((bits){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
#elif VECTOR_BYTES == 32
#define LANE_NUMBERS ((bits){0, 1, 2, 3, 4, 5, 6, 7})
#else
#define LANE_NUMBERS ((bits){0, 1, 2, 3})
#endif

// One hashed word serves two samples: its low half the sample in columns 0–15 of a group of 32, its
// high half the one 16 columns on. A sample is dropped if its 16 bits are below `threshold`.
INLINE mask dropped(uint32_t row_key, int column, uint32_t threshold) {
  bits word = LANE_NUMBERS + (uint32_t)((column >> 5) * 16 + (column & 15));
  bits random = hash_lanes((word * 0x9e3779b9u) ^ row_key);
  bits half = (column & 16) ? random >> 16 : random & 0xffffu;
  return (mask)(half < threshold);
}

// ---------------------------------------------------------------------------------------------
// What happens to a pre-activation on its way to memory. `slope` is the factor of negative values
// (1: the identity). With `factor`, d output / d z is kept for the way back.

typedef struct {
  float slope, scale;
  uint32_t threshold, key;
} Activation;

INLINE void activate(vec z, Activation f, uint32_t row_key, int column, float *out, float *factor) {
  vec slope = choose((mask)(z < 0.0f), splat(f.slope * f.scale), splat(f.scale));
  if (f.threshold) slope = choose(dropped(row_key, column, f.threshold), splat(0), slope);
  store(out, z * slope);
  if (factor) store(factor, slope);
}

// ---------------------------------------------------------------------------------------------
// Sparse layer

// Runs a statement for every panel: b is its first sample, T its width in vectors.
#define FOR_PANELS(stride, ...)                                                                   \
  {                                                                                               \
    int b = 0;                                                                                    \
    for (; b + PANEL <= stride; b += PANEL) { enum { T = WHOLE }; __VA_ARGS__ }                   \
    if (b < stride) { enum { T = HALF }; __VA_ARGS__ }                                            \
  }

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

// dx[i] = factor[i] ⊙ Σ_k w[entries[k]] dz[of[k]], over the transpose index, rows i of the input. The
// first panel brings the weights into the index's order, in tw, for the others
EXPORT void sparse_backward(int from, int to, int rows, int columns, int stride,
                            const int32_t *indptr, const int32_t *of, const int32_t *entries,
                            const float *w, float *tw, const float *dz, const float *factor,
                            float *dx) {
  FOR_PANELS(stride, {
    const float *dp = dz + (ptrdiff_t)b * rows;
    const float *fp = factor ? factor + (ptrdiff_t)b * columns : 0;
    float *xp = dx + (ptrdiff_t)b * columns;
    if (b == 0)
      for (int i = from; i < to; i++) backward_row(T, 1, i, indptr, of, entries, w, tw, dp, fp, xp);
    else
      for (int i = from; i < to; i++) backward_row(T, 0, i, indptr, of, entries, w, tw, dp, fp, xp);
  })
}

// Momentum and weights at rest in memory: v ← μ v − η (g + l2 w); w ← w + v − decay w.
typedef struct {
  float rate, momentum, l2, decay;
} Sgd;

// Below this a momentum is set to zero: WebAssembly cannot flush denormal numbers, and the momentum
// of a dead connection would decay into them and stay.
#define TINY 1e-30f

INLINE void sgd_one(float g, float *w, float *v, Sgd s) {
  float m = s.momentum * *v - s.rate * (g + s.l2 * *w);
  m = m < TINY && m > -TINY ? 0 : m;
  *v = m;
  *w = *w + (m - s.decay * *w);
}

INLINE void sgd_quad(quad g, float *w, float *v, Sgd s) {
  quad wk = *(quad *)w;
  quad m = s.momentum * *(quad *)v - s.rate * (g + s.l2 * wk);
  typedef int32_t lanes __attribute__((vector_size(16)));
  lanes tiny = (lanes)(m < TINY) & (lanes)(m > -TINY);
  m = (quad)((lanes)m & ~tiny);
  *(quad *)v = m;
  *(quad *)w = wk + (m - s.decay * wk);
}

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

// ---------------------------------------------------------------------------------------------
// Sine units

// Both sine and cosine (Cephes' polynomials on ±π/4 after taking out quarter turns), absolute error
// below 2e-7 for |z| up to 8192. Beyond 2²² quarter turns a float no longer tells the angle: the
// values mean nothing there, but stay within ±2.
INLINE void sine_and_cosine(vec z, vec *sine, vec *cosine) {
  // Adding 1.5 × 2²³ rounds to a whole number, and leaves it in the lowest bits.
  const float whole = 12582912.0f;
  vec shifted = z * 0.636619772367581343f + whole;
  bits quarter = (bits)shifted;
  vec turns = shifted - whole;
  vec r = z - turns * 1.5703125f;
  r = r - turns * 4.837512969970703125e-4f;
  r = r - turns * 7.54978995489188216e-8f;
  r = choose((mask)(r > 1.0f), splat(1), r);
  r = choose((mask)(r < -1.0f), splat(-1), r);
  vec s = r * r;
  vec p = s * -1.9515295891e-4f + 8.3321608736e-3f;
  p = p * s + -1.6666654611e-1f;
  p = p * s * r + r;
  vec q = s * 2.443315711809948e-5f + -1.388731625493765e-3f;
  q = q * s + 4.166664568298827e-2f;
  q = q * s * s + (1.0f - 0.5f * s);
  mask odd = (mask)-(quarter & 1u);
  bits sine_sign = (quarter & 2u) << 30, cosine_sign = ((quarter + 1u) & 2u) << 30;
  *sine = (vec)((bits)choose(odd, q, p) ^ sine_sign);
  *cosine = (vec)((bits)choose(odd, p, q) ^ cosine_sign);
}

// z ← sin z in place, rows j of the layer; with `factor`, the derivative cos z is kept
EXPORT void sine(int from, int to, int rows, int stride, float *z, float *factor) {
  FOR_PANELS(stride, {
    for (int j = from; j < to; j++) {
      ptrdiff_t o = (ptrdiff_t)b * rows + (ptrdiff_t)j * (T * LANES);
      UNROLL for (int t = 0; t < T; t++) {
        vec s, c;
        sine_and_cosine(load(z + o + t * LANES), &s, &c);
        store(z + o + t * LANES, s);
        if (factor) store(factor + o + t * LANES, c);
      }
    }
  })
}

// ---------------------------------------------------------------------------------------------
// Optimisers over plain arrays

// v ← μ v − η (g + l2 w); w ← w + v − decay w
EXPORT void sgd_update(int from, int to, const float *g, float *w, float *v, float rate,
                       float momentum, float l2, float decay) {
  Sgd s = {rate, momentum, l2, decay};
  int k = from;
  for (; k + 4 <= to; k += 4) sgd_quad(*(quad *)(g + k), w + k, v + k, s);
  for (; k < to; k++) sgd_one(g[k], w + k, v + k, s);
}

INLINE float square_root(float x) {
#if defined(__wasm__)
  return __builtin_sqrtf(x);
#else
  quad q = {x, 0, 0, 0};
#if defined(__SSE__)
  return __builtin_ia32_sqrtps(q)[0];
#else
  (void)q;
  return __builtin_sqrtf(x);
#endif
#endif
}

// Adam (Kingma & Ba 2015): m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²;
// w ← w − rate m / (√v / c2 + ε) − decay w, with g ← g + l2 w, rate = η / (1 − β₁ᵗ), c2 = √(1 − β₂ᵗ)
EXPORT void adam_update(int from, int to, const float *g, float *w, float *m, float *v, float rate,
                        float beta1, float beta2, float c2, float epsilon, float l2, float decay) {
  for (int k = from; k < to; k++) {
    float gk = g[k] + l2 * w[k];
    float mk = beta1 * m[k] + (1 - beta1) * gk;
    float vk = beta2 * v[k] + (1 - beta2) * gk * gk;
    mk = mk < TINY && mk > -TINY ? 0 : mk;
    vk = vk < TINY ? 0 : vk;
    m[k] = mk;
    v[k] = vk;
    w[k] -= rate * mk / (square_root(vk) / c2 + epsilon) + decay * w[k];
  }
}

// ---------------------------------------------------------------------------------------------
// Softmax and cross-entropy

// eˣ for x ≤ 0 (Cephes' polynomial after taking out powers of two), relative error below 2e-7.
INLINE float exponential(float x) {
  if (x != x) return x;
  if (x < -87.0f) return 0;
  float n = x * 1.44269504088896341f;
  int whole = (int)(n - 0.5f);
  float r = x - (float)whole * 0.693359375f;
  r = r + (float)whole * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  union {
    uint32_t u;
    float f;
  } power = {(uint32_t)(whole + 127) << 23};
  return p * power.f;
}

// Natural logarithm of a normal positive number, through atanh of (m − 1) / (m + 1).
INLINE double logarithm(double x) {
  if (!(x > 0) || x > 1e300) return x;
  union {
    double d;
    uint64_t u;
  } split = {x};
  int power = (int)(split.u >> 52) - 1023;
  split.u = (split.u & 0x000fffffffffffffull) | 0x3ff0000000000000ull;
  double m = split.d;
  if (m > 1.4142135623730951) {
    m *= 0.5;
    power++;
  }
  double f = (m - 1) / (m + 1), s = f * f, series = 0;
  for (int n = 21; n >= 1; n -= 2) series = series * s + 1.0 / n;
  return 2 * f * series + power * 0.6931471805599453;
}

// One sample's softmax over the classes; returns log Σ eᶻ and the index of the largest logit
INLINE double softmax_sample(int classes, ptrdiff_t stride, const float *z, float *p, int *largest) {
  float top = z[0];
  *largest = 0;
  for (int c = 1; c < classes; c++)
    if (z[c * stride] > top) {
      top = z[c * stride];
      *largest = c;
    }
  double total = 0;
  for (int c = 0; c < classes; c++) {
    float e = exponential(z[c * stride] - top);
    p[c * stride] = e;
    total += e;
  }
  float share = (float)(1.0 / total);
  for (int c = 0; c < classes; c++) p[c * stride] *= share;
  return (double)top + logarithm(total);
}

// The panel of sample b: its first sample and its width
#define PANEL_OF(b) const int start = (b) & ~(PANEL - 1)
#define WIDTH (stride - start < PANEL ? stride - start : PANEL)

// p = softmax(z), sample by sample
EXPORT void softmax(int classes, int batch, int stride, const float *z, float *p) {
  int largest;
  for (int b = 0; b < batch; b++) {
    PANEL_OF(b);
    ptrdiff_t o = (ptrdiff_t)start * classes + (b - start);
    softmax_sample(classes, WIDTH, z + o, p + o, &largest);
  }
}

// dz = softmax(z) − y, zero in the padding; result[0] += summed loss, result[1] += correct samples.
// y is 1 − smoothing for the label, plus smoothing / classes for every class. With weights, every
// sample's loss and gradient are multiplied by its weight.
EXPORT void softmax_cross_entropy(int classes, int batch, int stride, const float *z,
                                  const int32_t *labels, float smoothing, float *dz,
                                  double *result, const float *weights) {
  double loss = 0;
  int correct = 0, largest;
  float each = smoothing / (float)classes;
  for (int b = 0; b < stride; b++) {
    PANEL_OF(b);
    const ptrdiff_t width = WIDTH, o = (ptrdiff_t)start * classes + (b - start);
    const float *zb = z + o;
    float *db = dz + o;
    if (b >= batch) {
      for (int c = 0; c < classes; c++) db[c * width] = 0;
      continue;
    }
    double log_total = softmax_sample(classes, width, zb, db, &largest);
    int label = labels[b];
    correct += largest == label;
    double likely = (1 - smoothing) * zb[label * width];
    if (smoothing != 0)
      for (int c = 0; c < classes; c++) {
        likely += each * zb[c * width];
        db[c * width] -= each;
      }
    db[label * width] -= 1 - smoothing;
    if (!weights) {
      loss += log_total - likely;
      continue;
    }
    for (int c = 0; c < classes; c++) db[c * width] *= weights[b];
    loss += weights[b] * (log_total - likely);
  }
  result[0] += loss;
  result[1] += correct;
}

// ---------------------------------------------------------------------------------------------
// Dense layer: one register-blocked product for all three directions,
// c(m, n) = Σ_k a[m ar + k ak] b[k bs + n], a block of BLOCK rows by WIDE vectors at a time.

#if VECTOR_BYTES == 64
enum { BLOCK = 12, WIDE = 2 };
#elif VECTOR_BYTES == 32
enum { BLOCK = 6, WIDE = 2 };
#else
enum { BLOCK = 4, WIDE = 2 };
#endif

INLINE void product_block(const int R, const int T, int depth, const float *a, ptrdiff_t ar,
                          ptrdiff_t ak, const float *b, ptrdiff_t bs, vec acc[BLOCK][WIDE]) {
  for (int k = 0; k < depth; k++) {
    const float *br = b + k * bs, *ac = a + k * ak;
    vec x[WIDE];
    UNROLL for (int t = 0; t < T; t++) x[t] = load(br + t * LANES);
    UNROLL for (int r = 0; r < R; r++) {
      vec ark = splat(ac[r * ar]);
      UNROLL for (int t = 0; t < T; t++) acc[r][t] = fma_(ark, x[t], acc[r][t]);
    }
  }
}

// Runs a statement with constants R and T, row m and column n, for every block of rows × width.
#define FOR_BLOCKS(from, to, width, ...)                                                          \
  {                                                                                               \
    int n = 0;                                                                                    \
    for (; n + WIDE * LANES <= width; n += WIDE * LANES) {                                        \
      enum { T = WIDE };                                                                          \
      int m = from;                                                                               \
      for (; m + BLOCK <= to; m += BLOCK) { enum { R = BLOCK }; __VA_ARGS__ }                     \
      for (; m < to; m++) { enum { R = 1 }; __VA_ARGS__ }                                         \
    }                                                                                             \
    for (; n < width; n += LANES) {                                                               \
      enum { T = 1 };                                                                             \
      int m = from;                                                                               \
      for (; m + BLOCK <= to; m += BLOCK) { enum { R = BLOCK }; __VA_ARGS__ }                     \
      for (; m < to; m++) { enum { R = 1 }; __VA_ARGS__ }                                         \
    }                                                                                             \
  }

// out[j] = activation(bias[j] + Σ_i w[j, i] x[i])
EXPORT void dense_forward(int from, int to, int rows, int columns, int stride, const float *w,
                          const float *bias, const float *x, float *out, float *factor, float slope,
                          uint32_t threshold, uint32_t key) {
  Activation f = {slope, threshold ? 65536.0f / (65536.0f - (float)threshold) : 1.0f, threshold, key};
  for (int start = 0; start < stride; start += PANEL) {
    const int width = WIDTH;
    const float *xp = x + (ptrdiff_t)start * columns;
    float *op = out + (ptrdiff_t)start * rows, *fp = factor ? factor + (ptrdiff_t)start * rows : 0;
    FOR_BLOCKS(from, to, width, {
      vec acc[BLOCK][WIDE];
      UNROLL for (int r = 0; r < R; r++)
          UNROLL for (int t = 0; t < T; t++) acc[r][t] = splat(bias[m + r]);
      product_block(R, T, columns, w + (ptrdiff_t)m * columns, columns, 1, xp + n, width, acc);
      UNROLL for (int r = 0; r < R; r++) {
        uint32_t row_key = threshold ? hash(key + (uint32_t)(m + r) * 0x9e3779b9u) : 0;
        ptrdiff_t o = (ptrdiff_t)(m + r) * width + n;
        UNROLL for (int t = 0; t < T; t++)
            activate(acc[r][t], f, row_key, start + n + t * LANES, op + o + t * LANES,
                     fp ? fp + o + t * LANES : 0);
      }
    })
  }
}

// dx[i] = factor[i] ⊙ Σ_j w[j, i] dz[j]
EXPORT void dense_backward(int from, int to, int rows, int columns, int stride, const float *w,
                           const float *dz, const float *factor, float *dx) {
  for (int start = 0; start < stride; start += PANEL) {
    const int width = WIDTH;
    const float *dp = dz + (ptrdiff_t)start * rows;
    const float *fp = factor ? factor + (ptrdiff_t)start * columns : 0;
    float *op = dx + (ptrdiff_t)start * columns;
    FOR_BLOCKS(from, to, width, {
      vec acc[BLOCK][WIDE];
      UNROLL for (int r = 0; r < R; r++) UNROLL for (int t = 0; t < T; t++) acc[r][t] = splat(0);
      product_block(R, T, rows, w + m, 1, columns, dp + n, width, acc);
      UNROLL for (int r = 0; r < R; r++) {
        ptrdiff_t o = (ptrdiff_t)(m + r) * width + n;
        UNROLL for (int t = 0; t < T; t++)
            store(op + o + t * LANES, fp ? acc[r][t] * load(fp + o + t * LANES) : acc[r][t]);
      }
    })
  }
}

// Writes x by samples: transposed (stride × pitch), zero from `columns` to `pitch`
EXPORT void transpose(int columns, int stride, int pitch, const float *x, float *transposed) {
  for (int start = 0; start < stride; start += PANEL) {
    const int width = WIDTH;
    const float *xp = x + (ptrdiff_t)start * columns;
    for (int i0 = 0; i0 < pitch; i0 += 16)
      for (int b = 0; b < width; b++)
        for (int i = i0; i < i0 + 16; i++)
          transposed[(ptrdiff_t)(start + b) * pitch + i] =
              i < columns ? xp[(ptrdiff_t)i * width + b] : 0;
  }
}

// The gradient of a dense layer's weights (rows × columns) and biases, averaged over the batch;
// `transposed` is the input by samples, its rows `pitch` floats long, pitch a multiple of 16
EXPORT void dense_gradient(int from, int to, int rows, int columns, int pitch, int stride,
                           float mean, const float *transposed, const float *dz, float *g,
                           float *gb) {
  for (int j = from; j < to; j++) {
    float total = 0;
    for (int start = 0; start < stride; start += PANEL)
      for (int b = 0; b < WIDTH; b += LANES)
        total += sum(load(dz + (ptrdiff_t)start * rows + (ptrdiff_t)j * WIDTH + b));
    gb[j] = total * mean;
  }
  FOR_BLOCKS(from, to, pitch, {
    vec acc[BLOCK][WIDE];
    UNROLL for (int r = 0; r < R; r++) UNROLL for (int t = 0; t < T; t++) acc[r][t] = splat(0);
    for (int start = 0; start < stride; start += PANEL)
      product_block(R, T, WIDTH, dz + (ptrdiff_t)start * rows + (ptrdiff_t)m * WIDTH, WIDTH, 1,
                    transposed + (ptrdiff_t)start * pitch + n, pitch, acc);
    UNROLL for (int r = 0; r < R; r++) UNROLL for (int t = 0; t < T; t++) {
      vec a = acc[r][t] * mean;
      float *o = g + (ptrdiff_t)(m + r) * columns;
      int c = n + t * LANES;
      if (c + LANES <= columns) store(o + c, a);
      else
        for (int l = 0; l < LANES; l++)
          if (c + l < columns) o[c + l] = a[l];
    }
  })
}

// ---------------------------------------------------------------------------------------------
// The yardstick of the benchmarks: the arithmetic and traffic of sparse_forward with `per_row` weights
// a row, but without an index: its input rows are taken in order, or at random where `scattered`.
// Whole panels only.

INLINE void stream_panels(const int scattered, int rows, int per_row, int columns, int stride,
                          const float *w, const float *x, float *out) {
  for (int b = 0; b + PANEL <= stride; b += PANEL) {
    const float *xp = x + (ptrdiff_t)b * columns;
    float *op = out + (ptrdiff_t)b * rows;
    uint32_t state = 1;
    int i = 0;
    for (int j = 0; j < rows; j++) {
      vec acc[WHOLE];
      UNROLL for (int t = 0; t < WHOLE; t++) acc[t] = splat(0);
      for (int k = 0; k < per_row; k++) {
        const float *xr = xp + (ptrdiff_t)i * PANEL;
        if (scattered) {
          state = state * 1664525u + 1013904223u;
          i = (int)((uint64_t)state * (uint32_t)columns >> 32);
        } else if (++i == columns) i = 0;
        vec wk = splat(w[k]);
        UNROLL for (int t = 0; t < WHOLE; t++) acc[t] = fma_(wk, load(xr + t * LANES), acc[t]);
      }
      UNROLL for (int t = 0; t < WHOLE; t++) store(op + (ptrdiff_t)j * PANEL + t * LANES, acc[t]);
    }
  }
}

EXPORT void stream(int rows, int per_row, int columns, int scattered, int stride, const float *w,
                   const float *x, float *out) {
  if (scattered) stream_panels(1, rows, per_row, columns, stride, w, x, out);
  else stream_panels(0, rows, per_row, columns, stride, w, x, out);
}

// ---------------------------------------------------------------------------------------------
// What a native library tells about itself

#if !defined(__wasm__)
#if defined(SOURCE_DIGEST)
// The first 48 bits of the source's SHA-256: whether the library was built from this very file
EXPORT double source_digest(void) { return (double)SOURCE_DIGEST; }
#endif

// Where an array lies, as a number
EXPORT size_t address_of(const void *array) { return (size_t)array; }

// Which of the builds this processor runs best: 0 baseline, 1 AVX2, 2 AVX-512
EXPORT int processor_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
    return 2;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
  return 0;
}
#endif
