import { describe, expect, it } from 'vitest';
import { loadLean } from '../../../lib/conversation/load.ts';
import { loadOther } from '../../../lib/conversation/load-other.ts';
import { problemsOf } from '../../../lib/conversation/problems.ts';
import { isModulePath, SHIPPED } from '../../../lib/conversation/shipped.ts';
import { traitsOf } from '../../../lib/conversation/traits.ts';

const NO_MODULE = {
  candidates: () => [],
  require: () => {
    throw new Error('it is asked for a module only');
  },
};

const load = (name: string) => loadLean(name) ?? loadOther(name, NO_MODULE);

describe.each(SHIPPED)('the shipped conversation %s', (name) => {
  const loaded = load(name);
  const { traits } = loaded;
  const conversation = loaded.conversation();

  it('is one', () => {
    expect(problemsOf(conversation)).toEqual([]);
    expect(isModulePath(name)).toBe(false);
  });

  it('has the traits that traitsOf() says', () => {
    expect(traits).toEqual({ ...traitsOf(conversation), isLean: traits.isLean });
  });

  it('is lean only if it calls nothing of its session but answered() and pushed()', () => {
    const calls: string[] = [];
    const session = new Proxy({} as Record<string, unknown>, {
      get(own, call) {
        if (call === 'index') return 3;
        if (call === 'padding') return '';
        if (call === 'state' || call === 'newest' || call in own) return own[call as string];
        return () => calls.push(String(call));
      },
    });
    if (!traits.isLean) {
      expect(['echo', 'listen', 'send-only']).not.toContain(name);
      return;
    }
    for (const { frames } of Object.values(conversation.requests ?? {})) frames(session as never, 1);
    for (const frame of ['', 'hello', '{"id":"k6-10000003-10000001","pad":""}', new ArrayBuffer(3)]) {
      conversation.received(session as never, frame);
    }
    expect(calls.filter((call) => call !== 'answered' && call !== 'pushed')).toEqual([]);
    const { handshake, begin, opened, goodbye, closed } = conversation;
    expect([handshake, begin, opened, goodbye, closed]).toEqual(Array(5).fill(undefined));
  });
});

it.each(['echo', 'send-only'])('%s makes messages as long as the session says', (name) => {
  const conversation = load(name).conversation();
  const session = { index: 0, padding: 'x'.repeat(62) };
  expect(conversation.requests?.['message']?.frames(session as never, 1)).toHaveLength(100);
});

it.each(['./chat', '/srv/chat.ts', 'chat.ts', 'CHAT.MJS', 'chat.cjs', 'C:\\chat', 'file:///chat.js'])(
  '%s is the path of a module',
  (path) => {
    expect(isModulePath(path)).toBe(true);
  },
);

it.each(['echo', 'socket.io', 'chat', 'chat.json', 'ts'])('%s is none', (name) => {
  expect(isModulePath(name)).toBe(false);
});

it('a module is loaded with its traits', () => {
  const init = { require: () => ({ default: { received: () => undefined } }), candidates: (path: string) => [path] };
  expect(loadLean('./chat.ts')).toBeNull();
  const loaded = loadOther('./chat.ts', init);
  expect(loaded.traits).toMatchObject({ kinds: [], isLean: false });
});
