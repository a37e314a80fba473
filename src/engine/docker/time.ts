/** Unix ms as the engine's `seconds.nanoseconds`. */
export const engineTime = (ms: number | undefined): string | undefined => {
  if (ms === undefined) return undefined;
  const whole = Math.floor(ms);
  return `${Math.floor(whole / 1000)}.${String(whole % 1000).padStart(3, '0')}000000`;
};
