/** Below this many seconds a code is about to change, and the page says so in vermilion. */
export const LATE_SECONDS = 6;

/** A wall clock that is told once and then runs by a clock that never jumps: the page shows Rust's time, not its own. */
export interface Reading {
  /** Wall clock in Unix milliseconds, as told. */
  wall: number;
  /** The steady clock in milliseconds at that moment. */
  steady: number;
}

/** The wall clock now, in Unix milliseconds. */
export function wallNow(reading: Reading, steady: number): number {
  return reading.wall + (steady - reading.steady);
}

/** Milliseconds until the wall clock shows the next whole second: 1 to 1000. */
export function untilNextSecond(wall: number): number {
  return 1000 - (((Math.floor(wall) % 1000) + 1000) % 1000);
}

/** Whole seconds left, as a person counts them: a code that has just begun shows its whole period. */
export function secondsLeft(validUntil: number, wall: number): number {
  return Math.max(0, validUntil - Math.floor(wall / 1000));
}

/** The share of the time that is left, 1 to 0. */
export function shareLeft(validFrom: number, validUntil: number, wall: number): number {
  const whole = validUntil - validFrom;
  return whole <= 0 ? 0 : Math.min(1, secondsLeft(validUntil, wall) / whole);
}

/** Whether the system's clock has been set, or the computer slept, since `reading` (both clocks in milliseconds). */
export function clockJumped(reading: Reading, wall: number, steady: number): boolean {
  return Math.abs(wall - wallNow(reading, steady)) > 1500;
}
