// What a native library tells about itself.

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
