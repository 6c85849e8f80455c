// The kernels on two threads under ThreadSanitizer: `deno task native --sanitize`. Every kernel that
// threads share is called on one layer in chunks of rows, of every width, as threads.ts divides them: the
// sanitizer ends the program where two threads touch one number and one of them writes it. Then the
// result must be that of one thread, to the bit. With the argument "overlap" both threads take all rows,
// which the sanitizer must see.

#include "../../../lib/kernels/c/kernels.c"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 37, COLUMNS = 29, BATCH = 90, STRIDE = 96, PITCH = 32, MOST = ROWS * COLUMNS, THREADS = 2 };

// What the kernels read and write: one of them for the threads, one for the single thread.
typedef struct {
  int32_t indptr[ROWS + 1], indices[MOST], starts[COLUMNS + 1], of[MOST], entries[MOST];
  float w[MOST], bias[ROWS], g[MOST], gb[ROWS], v[MOST], vb[ROWS], square[MOST], tw[MOST];
  float x[COLUMNS * STRIDE], z[ROWS * STRIDE], dx[COLUMNS * STRIDE], transposed[PITCH * STRIDE];
  float zf[ROWS * STRIDE], xf[COLUMNS * STRIDE];
} Layer;

static Layer shared, single;
static uint32_t state = 1;

static float draw(void) {
  state = state * 1664525u + 1013904223u;
  return (float)(int32_t)state * 0x1p-31f;
}

static void fill(float *values, int count) {
  for (int i = 0; i < count; i++) values[i] = draw();
}

static void make(Layer *l) {
  int count = 0;
  for (int j = 0; j < ROWS; j++) {
    l->indptr[j] = count;
    for (int i = 0; i < COLUMNS; i++)
      if (draw() < -0.3f) l->indices[count++] = i;
  }
  l->indptr[ROWS] = count;
  for (int i = 0, k = 0; i <= COLUMNS; i++) {
    l->starts[i] = k;
    for (int j = 0; j < ROWS && i < COLUMNS; j++)
      for (int e = l->indptr[j]; e < l->indptr[j + 1]; e++)
        if (l->indices[e] == i) l->of[k] = j, l->entries[k++] = e;
  }
  fill(l->w, (int)((sizeof(Layer) - offsetof(Layer, w)) / sizeof(float)));
  for (int k = 0; k < MOST; k++) l->square[k] *= l->square[k];
  transpose(COLUMNS, STRIDE, PITCH, l->x, l->transposed);
}

// The kernels that threads share, and how many lines each has.
static const int lines[] = {ROWS, COLUMNS, ROWS, ROWS, ROWS, COLUMNS, ROWS, ROWS, MOST, MOST};
enum { KERNELS = sizeof lines / sizeof lines[0] };

static void call(int kernel, Layer *l, int from, int to) {
  const float mean = 1.0f / BATCH;
  switch (kernel) {
    case 0:
      sparse_forward(from, to, ROWS, COLUMNS, STRIDE, l->indptr, l->indices, l->w, l->bias, l->x, l->z,
                     l->zf, 0.5f, 20000, 7);
      break;
    case 1:
      sparse_backward(from, to, ROWS, COLUMNS, STRIDE, l->starts, l->of, l->entries, l->w, l->tw, l->z,
                      l->xf, l->dx);
      break;
    case 2:
      sparse_gradient(from, to, ROWS, COLUMNS, STRIDE, mean, l->indptr, l->indices, l->x, l->z, l->g,
                      l->gb);
      break;
    case 3:
      sparse_gradient_sgd(from, to, ROWS, COLUMNS, STRIDE, mean, l->indptr, l->indices, l->x, l->z, l->g,
                          l->gb, l->w, l->v, l->bias, l->vb, 0.1f, 0.9f, 0.01f, 0.001f);
      break;
    case 4:
      dense_forward(from, to, ROWS, COLUMNS, STRIDE, l->w, l->bias, l->x, l->z, l->zf, 0.5f, 20000, 7);
      break;
    case 5:
      dense_backward(from, to, ROWS, COLUMNS, STRIDE, l->w, l->z, l->xf, l->dx);
      break;
    case 6:
      dense_gradient(from, to, ROWS, COLUMNS, PITCH, STRIDE, mean, l->transposed, l->z, l->g, l->gb);
      break;
    case 7:
      sine(from, to, ROWS, STRIDE, l->z, l->zf);
      break;
    case 8:
      sgd_update(from, to, l->g, l->w, l->v, 0.1f, 0.9f, 0.01f, 0.001f);
      break;
    case 9:
      adam_update(from, to, l->g, l->w, l->v, l->square, 0.1f, 0.9f, 0.999f, 0.3f, 1e-8f, 0.01f, 0.001f);
  }
}

typedef struct {
  int kernel, chunk, number, overlap;
} Share;

// Takes every second chunk: neighbours are always written by two threads.
static void *work(void *given) {
  const Share *share = given;
  const int all = lines[share->kernel], chunk = share->chunk;
  if (share->overlap) call(share->kernel, &shared, 0, all);
  else
    for (int from = share->number * chunk; from < all; from += THREADS * chunk)
      call(share->kernel, &shared, from, from + chunk < all ? from + chunk : all);
  return 0;
}

int main(int count, char **words) {
  const int overlap = count > 1 && strcmp(words[1], "overlap") == 0;
  const int level = VECTOR_BYTES == 64 ? 2 : VECTOR_BYTES == 32 ? 1 : 0;
  if (processor_level() < level)
    return puts("Skipped: this processor does not run this build"), overlap;
  int calls = 0;
  for (int kernel = 0; kernel < KERNELS; kernel++)
    for (int chunk = 1; chunk <= 20; chunk += chunk < 5 ? 1 : 5) {
      make(&single);
      memcpy(&shared, &single, sizeof shared);
      pthread_t threads[THREADS];
      Share shares[THREADS];
      for (int t = 0; t < THREADS; t++) {
        shares[t] = (Share){kernel, chunk, t, overlap};
        if (pthread_create(threads + t, 0, work, shares + t)) return puts("no thread"), 1;
      }
      for (int t = 0; t < THREADS; t++) pthread_join(threads[t], 0);
      call(kernel, &single, 0, lines[kernel]);
      if (memcmp(&shared, &single, sizeof shared) && !overlap)
        return printf("kernel %d in chunks of %d differs from one thread\n", kernel, chunk), 1;
      calls++;
    }
  printf("%d calls on %d threads: no number touched by two of them, the same bytes as on one\n", calls,
         THREADS);
  return 0;
}
