import { expect, test } from 'vitest';
import chat from '../../examples/chat.ts';
import type { Session } from '../../lib/conversation/conversation.ts';

/** A session of connection 23 that writes down what the conversation asks of it. */
function session() {
  const calls: unknown[][] = [];
  const note =
    (name: string, answer?: unknown) =>
    (...args: unknown[]) => {
      calls.push([name, ...args]);
      return answer;
    };
  const names = ['send', 'ready', 'answered', 'refused', 'fail', 'delivered'];
  const of23 = {
    index: 23,
    user: { user: 'ann', token: 'tok' },
    stamp: (n: number) => `<${n}>`,
    ...Object.fromEntries(names.map((name) => [name, note(name, true)])),
  } as unknown as Session;
  const hears = (frame: object) => {
    calls.length = 0;
    chat.received(of23, JSON.stringify(frame));
    return calls;
  };
  return { of23, calls, hears };
}

test('it logs in with the token of its user, joins the room of its ten, and is ready then', () => {
  const { of23, calls, hears } = session();
  chat.opened(of23);
  expect(calls).toEqual([['send', '{"type":"auth","token":"tok"}']]);
  expect(hears({ type: 'welcome', user: 'ann' })).toEqual([['send', '{"type":"join","room":"room-2"}']]);
  expect(hears({ type: 'joined', room: 'room-2', members: 4 })).toEqual([['ready']]);
});

test('its message carries stamp and ref, and is to reach the ten of the room', () => {
  const { of23, hears } = session();
  const { frames, reach } = chat.requests.chat;
  expect(reach).toBe(10);
  expect(frames(of23, 5)).toBe('{"type":"chat","text":"hello <5>","ref":"23-5"}');
  const echo = { type: 'chat', room: 'room-2', from: 'ann', text: 'hello <5>', ref: '23-5' };
  expect(hears(echo)).toEqual([
    ['delivered', 'hello <5>'],
    ['answered', 5],
  ]);
});

test('what others say is delivered and answers nothing, even of the same number', () => {
  const said = { type: 'chat', room: 'room-2', from: 'bob', text: 'hello <5>', ref: '24-5' };
  expect(session().hears(said)).toEqual([['delivered', 'hello <5>']]);
});

test('an error refuses the request of its ref, and breaks off a login that has none', () => {
  expect(session().hears({ type: 'error', reason: 'join first', ref: '23-7' })).toEqual([['refused', 7, 'join first']]);
  expect(session().hears({ type: 'error', reason: 'no room' })).toEqual([['fail', 'no room']]);
});

test('4401 is put into words', () => {
  expect(chat.closed(4401, 'bad token')).toBe('the chat refused the login: bad token');
  expect(chat.closed(1001, 'server stopped')).toBeUndefined();
});
