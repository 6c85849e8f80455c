/** A time in its two largest units. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Estimates the remaining time of some work, by the pace since the first call. */
export function timeLeft(
  clock: () => number = () => performance.now(),
): (share: number) => string {
  let first: { share: number; time: number } | undefined;
  return (share) => {
    first ??= { share, time: clock() };
    const done = share - first.share;
    if (done <= 0) return "";
    return `${duration((clock() - first.time) / 1000 / done * (1 - share))} left`;
  };
}
