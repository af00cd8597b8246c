/** `12,345`: k6's JavaScript runtime has no locales, so digits are grouped by hand. */
export function groupDigits(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}
