import { describe, expect, it } from 'vitest';
import { CONNECT_FAILURES, DROPS, MESSAGE_FAILURES, READY_FAILURES } from '../../../lib/connection/outcome.ts';
import { adviceFor } from '../../../lib/report/advice.ts';
import type { Platform } from '../../../lib/report/platform.ts';

const PLATFORMS: Platform[] = ['windows', 'macos', 'linux', 'any'];
const REASONS = [
  ...CONNECT_FAILURES.map((reason) => ['connect', reason] as const),
  ...READY_FAILURES.map((reason) => ['ready', reason] as const),
  ...DROPS.map((reason) => ['drop', reason] as const),
  ...MESSAGE_FAILURES.map((reason) => ['message', reason] as const),
  ['delivery', 'missing'] as const,
  ['drop', 'no PINGRESP'] as const,
];

describe('advice', () => {
  it.each(REASONS)('on %s %s names whose fault it is and is one sentence', (kind, reason) => {
    for (const platform of PLATFORMS) {
      expect(adviceFor(kind, reason, platform)).toMatch(
        /^(Server|Network|This host|The conversation|Nobody|Unknown)\b[^:]*: .*[^.]\.$/,
      );
      expect(adviceFor(kind, reason, platform)).not.toMatch(/\. [A-Z]/);
    }
  });

  it('is another one for each reason', () => {
    const texts = REASONS.map(([kind, reason]) => adviceFor(kind, reason));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it.each(PLATFORMS)(
    'on exhausted ports blames this host and names the batches and the Windows guide (%s)',
    (platform) => {
      const advice = adviceFor('connect', 'ports_exhausted', platform);
      expect(advice).toMatch(/^This host, not the server/);
      expect(advice).toContain('WS_BATCH_DELAY');
      expect(advice).toContain('docs/windows.md');
    },
  );

  it.each(PLATFORMS)('on exhausted files blames this host (%s)', (platform) => {
    expect(adviceFor('connect', 'files_exhausted', platform)).toMatch(/^This host, not the server/);
  });

  it('names the system where it knows it, and each where it does not', () => {
    expect(adviceFor('connect', 'ports_exhausted', 'linux')).toContain('net.ipv4.ip_local_port_range');
    expect(adviceFor('connect', 'ports_exhausted', 'macos')).toContain('net.inet.ip.portrange.first');
    expect(adviceFor('connect', 'ports_exhausted')).toMatch(/Windows.*Linux.*macOS/);
    expect(adviceFor('connect', 'files_exhausted', 'windows')).not.toContain('ulimit');
  });

  it('on a word of the conversation itself says whose it is', () => {
    expect(adviceFor('ready', 'no_seat')).toBe(
      "The conversation: it said so itself before ready(), by fail('no_seat').",
    );
    expect(adviceFor('drop', 'constructor')).toBe(
      "The conversation: it said so itself after ready(), by fail('constructor').",
    );
  });

  it.each(['no PINGRESP', 'no heart-beat', 'ping timeout'])(
    'on a server that has gone silent (%s) does not say that the conversation did it',
    (word) => {
      for (const kind of ['ready', 'drop'] as const) {
        expect(adviceFor(kind, word)).toMatch(/^Server or network: it sent nothing/);
      }
    },
  );

  it.each(['connect', 'message'] as const)('on a reason of %s that it does not know is that of `other`', (kind) => {
    for (const reason of ['no such reason', 'constructor']) {
      expect(adviceFor(kind, reason)).toBe(adviceFor('connect', 'other'));
    }
  });

  it('claims nothing about how far a handshake came that was late', () => {
    const advice = adviceFor('connect', 'handshake_timeout');
    expect(advice).toContain('how far it came is not known');
    expect(advice).not.toMatch(/took the TCP|accepted|was answered/);
  });

  it('never shows a way to a green run in which nothing was answered', () => {
    const all = REASONS.flatMap(([kind, reason]) => PLATFORMS.map((platform) => adviceFor(kind, reason, platform)));
    expect(all.join('\n')).not.toMatch(/any-reply|send-only|\blisten\b|next-frame|WS_MIN_/);
  });
});
