// Optimisers over plain arrays.

// v ← μ v − η (g + l2 w); w ← w + v − decay w
EXPORT void sgd_update(int from, int to, const float *g, float *w, float *v, float rate,
                       float momentum, float l2, float decay) {
  Sgd s = {rate, momentum, l2, decay};
  int k = from;
  for (; k + 4 <= to; k += 4) sgd_quad(*(quad *)(g + k), w + k, v + k, s);
  for (; k < to; k++) sgd_one(g[k], w + k, v + k, s);
}

INLINE vec square_roots(vec x) {
#if defined(__AVX512F__)
  return (vec)_mm512_sqrt_ps((__m512)x);
#elif defined(__AVX2__)
  return (vec)_mm256_sqrt_ps((__m256)x);
#elif defined(__SSE__)
  return (vec)__builtin_ia32_sqrtps(x);
#elif defined(__wasm__)
  return (vec)__builtin_elementwise_sqrt(x);
#else
  UNROLL for (int i = 0; i < LANES; i++) x[i] = __builtin_sqrtf(x[i]);
  return x;
#endif
}

// Momentums, squares and weights at rest in memory, of as many weights as a vector has lanes.
typedef struct {
  float rate, beta1, beta2, epsilon, l2, decay;
} Adam;

INLINE void adam_lanes(vec g, float *w, float *m, float *v, Adam a) {
  const vec wk = load(w), gk = g + a.l2 * wk;
  vec mk = a.beta1 * load(m) + (1 - a.beta1) * gk;
  vec vk = a.beta2 * load(v) + (1 - a.beta2) * gk * gk;
  mk = choose((mask)(mk < TINY) & (mask)(mk > -TINY), splat(0), mk);
  vk = choose((mask)(vk < TINY), splat(0), vk);
  store(m, mk);
  store(v, vk);
  store(w, wk - (a.rate * mk / (square_roots(vk) + a.epsilon) + a.decay * wk));
}

// Adam (Kingma & Ba 2015): m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²;
// w ← w − rate m / (√v / c2 + ε) − decay w, with g ← g + l2 w, rate = η / (1 − β₁ᵗ), c2 = √(1 − β₂ᵗ).
// The fraction is computed as c2 rate m / (√v + c2 ε), which divides once.
EXPORT void adam_update(int from, int to, const float *g, float *w, float *m, float *v, float rate,
                        float beta1, float beta2, float c2, float epsilon, float l2, float decay) {
  const Adam a = {rate * c2, beta1, beta2, epsilon * c2, l2, decay};
  int k = from;
  for (; k + LANES <= to; k += LANES) adam_lanes(load(g + k), w + k, m + k, v + k, a);
  // The rest by the same instructions: where threads divide the weights must not change a bit of them.
  const int rest = to - k;
  if (rest == 0) return;
  float gs[LANES] = {0}, ws[LANES] = {0}, ms[LANES] = {0}, vs[LANES] = {0};
  for (int i = 0; i < rest; i++) {
    gs[i] = g[k + i];
    ws[i] = w[k + i];
    ms[i] = m[k + i];
    vs[i] = v[k + i];
  }
  adam_lanes(load(gs), ws, ms, vs, a);
  for (int i = 0; i < rest; i++) {
    w[k + i] = ws[i];
    m[k + i] = ms[i];
    v[k + i] = vs[i];
  }
}
