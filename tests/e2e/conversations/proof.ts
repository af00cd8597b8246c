/** What the server of steps.ts wants for its challenge. */
export function proofOf(nonce: string, secret: string): number {
  return [...`${nonce}:${secret}`].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 1e9, 7);
}
