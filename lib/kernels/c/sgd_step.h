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

INLINE void sgd_lanes(vec g, float *w, float *v, Sgd s) {
  const vec wk = load(w);
  vec m = s.momentum * load(v) - s.rate * (g + s.l2 * wk);
  m = choose((mask)(m < TINY) & (mask)(m > -TINY), splat(0), m);
  store(v, m);
  store(w, wk + (m - s.decay * wk));
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
