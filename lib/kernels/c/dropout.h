// Dropout: a counter-based generator, so that a bit depends on (key, row, sample) and on nothing else.

// Wellons' "lowbias32" integer hash, of one number or of every lane.
#define LOWBIAS32(x)                                                                              \
  (x ^= x >> 16, x *= 0x7feb352du, x ^= x >> 15, x *= 0x846ca68bu, x ^= x >> 16, x)

INLINE uint32_t hash(uint32_t x) { return LOWBIAS32(x); }
INLINE bits hash_lanes(bits x) { return LOWBIAS32(x); }

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
