// Optimisers over plain arrays.

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
