import { expect, onTestFinished, test, vi } from 'vitest';
import { forwardSignals } from '../../scripts/lib/forward-signals.mjs';

const parent = vi.hoisted(() => ({ gone: () => {} }));
vi.mock('../../scripts/lib/watch-parent.mjs', () => ({
  watchParent(gone: () => void) {
    parent.gone = gone;
    return () => {};
  },
}));

/** What is passed on to k6. */
function forwarded(): string[] {
  const sent: string[] = [];
  onTestFinished(forwardSignals((signal: string) => void sent.push(signal)));
  return sent;
}

test.skipIf(process.platform === 'win32')('a parent that has gone is a SIGTERM', () => {
  const sent = forwarded();
  parent.gone();
  expect(sent).toEqual(['SIGTERM']);
});

test.skipIf(process.platform === 'win32')('but not after a signal, of which k6 would take it for a second', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const sent = forwarded();
  process.emit('SIGINT');
  vi.advanceTimersByTime(5_000);
  parent.gone();
  expect(sent).toEqual(['SIGINT']);
});
