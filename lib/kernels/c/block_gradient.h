// The gradient of a block sparse layer's weights, alone or taken straight into them.
//
// A product's sum over the lanes of a vector costs as much as many products. So rows of a block share a
// vector of dz: each has a part of it, with as many samples, against which the samples of an input are
// repeated. What is left to add up in the end are the few lanes of a part.

#define SHARING(G) (LANES / 4 < (G) ? LANES / 4 : (G))
#define PART(G) (LANES / SHARING(G))
#define VECTORS(G) ((G) / SHARING(G))

// Vectors of dz that are taken together, and the inputs that they are multiplied with side by side: no
// addition waits for the one before it, and what is loaded serves several products.
#if VECTOR_BYTES == 64 || defined(__aarch64__)
enum { PRODUCTS = 16 };
#else
enum { PRODUCTS = 8 };
#endif
#define AT_ONCE(G) (VECTORS(G) < PRODUCTS / 2 ? VECTORS(G) : PRODUCTS / 2)
#define INPUTS(G) (PRODUCTS / AT_ONCE(G) < 8 ? PRODUCTS / AT_ONCE(G) : 8)

// The samples of whose dz a block is packed at a time: four panels
enum { PACKED = 4 * PANEL };

// The row of part p of the v-th vector: in such an order that sums come out in the order of rows.
#define RUN(G) (VECTORS(G) < 4 ? VECTORS(G) : 4)
#define ROW(G, v, p) ((v) / RUN(G) * RUN(G) * SHARING(G) + (p) * RUN(G) + (v) % RUN(G))

// A part of an input's samples, once for each of the rows that share a vector
INLINE vec repeated(const int rows, const float *x) {
#if VECTOR_BYTES == 64
  if (rows == 2) return (vec)_mm512_broadcast_f32x8(_mm256_loadu_ps(x));
  return (vec)_mm512_broadcast_f32x4(_mm_loadu_ps(x));
#elif VECTOR_BYTES == 32
  (void)rows;
  return (vec)_mm256_broadcast_ps((const __m128 *)x);
#else
  (void)rows;
  return load(x);
#endif
}

// The sums over the parts of LANES / rows vectors, in the order of their inputs and rows
INLINE vec part_sums(const int G, const vec *v) {
#if VECTOR_BYTES == 16
  (void)G;
  return sums(v[0], v[1], v[2], v[3]);
#else
  vec q = add_pairs(add_lanes(v[0], v[1]), add_lanes(v[2], v[3]));
#if VECTOR_BYTES == 64
  if (G == 2) {
    q = add_parts(q, add_pairs(add_lanes(v[4], v[5]), add_lanes(v[6], v[7])));
    return SHUFFLE(q, q, 0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
  }
  if (G == 4) return SHUFFLE(q, q, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  if (G == 8) return SHUFFLE(q, q, 0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15);
#else
  if (G == 2) return SHUFFLE(q, q, 0, 4, 1, 5, 2, 6, 3, 7);
  if (G == 4) return SHUFFLE(q, q, 0, 1, 4, 5, 2, 3, 6, 7);
#endif
  return q;
#endif
}

// How many vectors part_sums takes
#define SUMMED(G) (PART(G) > 4 ? 8 : 4)

// A vector of products on its way to memory, or its first `count` lanes: added to those of earlier
// panels, and with the last ones scaled and, with `update`, taken into v and w.
INLINE void take_lanes(const int update, vec q, int count, ptrdiff_t k, Place place, float *g,
                       float *w, float *v, Sgd s) {
  if (count == LANES) {
    if (!place.first) q += load(g + k);
    if (!place.last) store(g + k, q);
    else if (update) sgd_lanes(q * place.mean, w + k, v + k, s);
    else store(g + k, q * place.mean);
    return;
  }
  float products[LANES];
  store(products, q);
  for (int c = 0; c < count; c++) {
    float qc = products[c];
    if (!place.first) qc += g[k + c];
    if (!place.last) g[k + c] = qc;
    else if (update) sgd_one(qc * place.mean, w + k + c, v + k + c, s);
    else g[k + c] = qc * place.mean;
  }
}

// A batch's panels that are taken together, in d packed by packed_rows and in x
typedef struct {
  Place place;
  int panels, width;  // panels of so many samples
  ptrdiff_t pitch;    // from one panel of x to the next
  const float *d, *x;
} Panels;

// Where the gradient goes
typedef struct {
  int update;
  float *g, *w, *v;
  Sgd sgd;
} Target;

#if VECTOR_BYTES == 64
#define FETCHES_INPUTS(G, panels) ((G) >= 8 && (panels) < 4)
#else
#define FETCHES_INPUTS(G, panels) ((G) >= 4)
#endif

// The gradient of C blocks from the k-th on, of those before `end`: of the rows in V vectors from v0 on.
INLINE void take_blocks(const int G, const int V, const int C, int v0, int k, int end,
                        const int32_t *indices, const Panels *from, const Target *to) {
  vec products[PRODUCTS];
  const float *xr[8];
  UNROLL for (int c = 0; c < C; c++)
      xr[c] = from->x + (ptrdiff_t)(uint32_t)indices[k + c] * from->width;
  // The inputs that are next. With wider vectors they are not worth it where all panels are taken together:
  // those are in a cache already.
  if (FETCHES_INPUTS(G, from->panels) && k + 2 * C <= end)
    UNROLL for (int c = 0; c < C; c++) {
      const float *next = from->x + (ptrdiff_t)(uint32_t)indices[k + C + c] * from->width;
      for (int p = 0; p < from->panels; p++) fetch(PANEL, next + p * from->pitch);
    }
  UNROLL for (int i = 0; i < PRODUCTS; i++) products[i] = splat(0);
  const float *d = from->d + v0 * LANES;
  for (int p = 0; p < from->panels; p++) {
    for (int b = 0; b < from->width; b += PART(G), d += VECTORS(G) * LANES) {
      vec row[8];
      UNROLL for (int c = 0; c < C; c++) row[c] = repeated(SHARING(G), xr[c] + b);
      UNROLL for (int v = 0; v < V; v++) {
        const vec dv = load(d + v * LANES);
        UNROLL for (int c = 0; c < C; c++)
            products[c * V + v] = fma_(dv, row[c], products[c * V + v]);
      }
    }
    UNROLL for (int c = 0; c < C; c++) xr[c] += from->pitch;
  }
  const ptrdiff_t start = (ptrdiff_t)k * G + v0 * SHARING(G);
  UNROLL for (int i = 0; i < V * C; i += SUMMED(G)) {
    const int done = i * SHARING(G), left = V * C * SHARING(G) - done;
    const ptrdiff_t o = start + (V == VECTORS(G) ? done : done / (V * SHARING(G)) * G + done % (V * SHARING(G)));
    take_lanes(to->update, part_sums(G, products + i), left < LANES ? left : LANES, o, from->place,
               to->g, to->w, to->v, to->sgd);
  }
}

// Packs the rows of dz of a block as vectors that they share, and sums each over the batch, in db.
INLINE void pack_rows(const int G, int panels, int width, ptrdiff_t pitch, const float *dz, float *d,
                      quad *db) {
  UNROLL for (int r = 0; r < G; r++) db[r] = (quad){0, 0, 0, 0};
  for (int p = 0; p < panels; p++, dz += pitch)
    for (int b = 0; b < width; b += PART(G), d += VECTORS(G) * LANES)
      UNROLL for (int v = 0; v < VECTORS(G); v++)
          UNROLL for (int s = 0; s < SHARING(G); s++) {
        const int r = ROW(G, v, s);
        UNROLL for (int i = 0; i < PART(G); i += 4) {
          const quad q = *(const quad *)(dz + r * width + b + i);
          *(quad *)(d + v * LANES + s * PART(G) + i) = q;
          db[r] += q;
        }
      }
}

// One block row: the gradient of its weights and of its G biases.
INLINE void block_gradient_row(const int G, int j, const int32_t *indptr, const int32_t *indices,
                               const float *dz, ptrdiff_t dz_pitch, Panels from, const Target *to,
                               const Target *bias) {
  const int V = AT_ONCE(G), C = INPUTS(G);
  float d[G * PACKED] __attribute__((aligned(64)));
  quad db[16];
  from.d = d;
  pack_rows(G, from.panels, from.width, dz_pitch, dz + (ptrdiff_t)j * G * from.width, d, db);
  const int end = indptr[j + 1];
  for (int v0 = 0; v0 < VECTORS(G); v0 += V) {
    int k = indptr[j];
    for (; k + C <= end; k += C) take_blocks(G, V, C, v0, k, end, indices, &from, to);
    if (C > 4 && k + 4 <= end) take_blocks(G, V, 4, v0, k, end, indices, &from, to), k += 4;
    if (C > 2 && k + 2 <= end) take_blocks(G, V, 2, v0, k, end, indices, &from, to), k += 2;
    if (C > 1 && k < end) take_blocks(G, V, 1, v0, k, end, indices, &from, to);
  }
  for (int r = 0; r < G; r += 4) {
    const quad none = {0, 0, 0, 0};
    const quad q = quad_sums(db[r], db[r + 1], G > 2 ? db[r + 2] : none, G > 2 ? db[r + 3] : none);
    if (G > 2)
      take_quad(bias->update, q, j * G + r, from.place, bias->g, bias->w, bias->v, bias->sgd);
    else
      for (int c = 0; c < 2; c++) {
        const int row = 2 * j + c;
        float *g = bias->g + row, *w = bias->w + row, *v = bias->v + row;
        const float qc = from.place.first ? q[c] : q[c] + *g;
        if (!from.place.last) *g = qc;
        else if (bias->update) sgd_one(qc * from.place.mean, w, v, bias->sgd);
        else *g = qc * from.place.mean;
      }
  }
}

INLINE void block_gradient_panels(const int G, int from, int to, int rows, int columns, int stride,
                                  float mean, const int32_t *indptr, const int32_t *indices,
                                  const float *x, const float *dz, Target weights, Target bias) {
  const int64_t bytes = (int64_t)columns * stride * (int64_t)sizeof(float);
  const int most = bytes <= BYTES_FOR_ALL ? 4 : bytes <= BYTES_FOR_TWO ? 2 : 1;
  for (int b = 0; b < stride;) {
    const int width = b + PANEL <= stride ? PANEL : PANEL / 2, whole = (stride - b) / PANEL;
    const int panels = whole == 0 ? 1 : whole < most ? whole : most;
    const Place place = {b == 0, b + panels * width == stride, mean};
    const Panels panel = {place, panels, width, (ptrdiff_t)columns * PANEL, 0, x + (ptrdiff_t)b * columns};
    for (int j = from; j < to; j++)
      block_gradient_row(G, j, indptr, indices, dz + (ptrdiff_t)b * rows, (ptrdiff_t)rows * PANEL,
                         panel, &weights, &bias);
    b += panels * width;
  }
}

// Mean gradient of every stored weight and every bias, block rows [from, to)
EXPORT void block_gradient(int from, int to, int size, int rows, int columns, int stride, float mean,
                           const int32_t *indptr, const int32_t *indices, const float *x,
                           const float *dz, float *g, float *gb) {
  const Target weights = {0, g, 0, 0, {0, 0, 0, 0}}, biases = {0, gb, 0, 0, {0, 0, 0, 0}};
  FOR_BLOCK_SIZE(size, {
    block_gradient_panels(G, from, to, rows, columns, stride, mean, indptr, indices, x, dz, weights,
                          biases);
  })
}

// The same gradient, taken straight into momentum and weights; g and gb are scratch
EXPORT void block_gradient_sgd(int from, int to, int size, int rows, int columns, int stride,
                               float mean, const int32_t *indptr, const int32_t *indices,
                               const float *x, const float *dz, float *g, float *gb, float *w,
                               float *v, float *bias, float *vb, float rate, float momentum,
                               float l2, float decay) {
  const Target weights = {1, g, w, v, {rate, momentum, l2, decay}};
  const Target biases = {1, gb, bias, vb, {rate, momentum, l2, decay}};
  FOR_BLOCK_SIZE(size, {
    block_gradient_panels(G, from, to, rows, columns, stride, mean, indptr, indices, x, dz, weights,
                          biases);
  })
}
