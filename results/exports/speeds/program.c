/* Times a program in C: ours with -DOURS, or m2cgen's `score`. Prints microseconds of a row. */
#include <stdio.h>
#include <time.h>

#ifdef OURS
#include "model.h"
#define COLUMNS PREDICT_COLUMNS
#define CLASSES PREDICT_CLASSES
static float answer[CLASSES];
static void call(const float *row) { (void)predict(row, answer); }
#else
void score(double *input, double *output);
static double input[COLUMNS], answer[CLASSES];
static void call(const float *row)
{
  int i;
  for (i = 0; i < COLUMNS; i++) input[i] = row[i];
  score(input, answer);
}
#endif

#define ROWS 1000
static float rows[ROWS][COLUMNS];

int main(int count, char **words)
{
  FILE *file = count > 1 ? fopen(words[1], "rb") : NULL;
  clock_t before = 0;
  int round, row;
  double each;
  if (file == NULL || fread(rows, sizeof rows, 1, file) != 1) return 1;
  for (round = 0; round < 21; round++) {
    if (round == 1) before = clock();
    for (row = 0; row < ROWS; row++) call(rows[row]);
  }
  /* A row at a time is all that both can do. */
  each = (double)(clock() - before) / CLOCKS_PER_SEC * 1e6 / 20 / ROWS;
  printf("[%f, %f]\n", each, each);
  return 0;
}
