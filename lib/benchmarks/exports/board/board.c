/* A Cortex-M4 without an operating system: the start, and words and texts for the emulator. */
#include "board.h"

extern uint32_t data_begin[], data_end[], data_load[], bss_begin[], bss_end[], stack_top[];

int main(void);

/* Arm, "Semihosting for AArch32 and AArch64": https://github.com/ARM-software/abi-aa */
static void ask_host(uint32_t operation, const void *argument)
{
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void put_word(uint32_t word)
{
  char text[10];
  int i;
  for (i = 7; i >= 0; i--) {
    text[i] = "0123456789abcdef"[word & 15U];
    word >>= 4;
  }
  text[8] = '\n';
  text[9] = '\0';
  ask_host(0x04, text);
}

/* SysTick, the processor's own timer, counts down from 2^24 - 1. */
static volatile uint32_t *const systick = (volatile uint32_t *)0xe000e010UL;

uint32_t ticks(void)
{
  if (systick[0] == 0) {
    systick[1] = 0xffffffUL;
    systick[2] = 0;
    systick[0] = 5;
    while (systick[2] == 0) {}
  }
  return 0xffffffUL - systick[2];
}

static void stop(void)
{
  ask_host(0x04, "fault\n");
  ask_host(0x18, (void *)0x20023UL);
}

void start(void)
{
  uint32_t *to, *from = data_load;
  /* The floating-point unit is off at first. */
  *(volatile uint32_t *)0xe000ed88UL |= 0xfUL << 20;
  for (to = data_begin; to < data_end;) *to++ = *from++;
  for (to = bss_begin; to < bss_end;) *to++ = 0;
  main();
  ask_host(0x18, (void *)0x20026UL);
  for (;;) {}
}

/* Where the stack begins, and what runs at the start and after faults. */
union vector {
  const uint32_t *top;
  void (*run)(void);
};

__attribute__((section(".vectors"), used))
static const union vector vectors[] = {
  { .top = stack_top }, { .run = start }, { .run = stop }, { .run = stop }, { .run = stop },
  { .run = stop }, { .run = stop }
};
