import { describe, expect, it, vi } from 'vitest';
import { echo } from '../../../lib/conversation/echo.ts';
import { sendOnly } from '../../../lib/conversation/send-only.ts';
import { anOpen, START } from '../connection/a-connection.ts';

/** The messages of connection `index`. */
function messages(conversation = echo(), index = 0, padding = '') {
  const session = { index, padding } as never;
  return (n: number) => conversation.requests?.['message']?.frames(session, n) as string;
}

/** A connection that has sent messages 1 to 3. */
function sentThree() {
  const subject = anOpen(echo(), {
    isLean: true,
    env: { WS_HOLD: '10s', WS_MESSAGE_INTERVAL: '10ms', WS_MESSAGE_TIMEOUT: '5s' },
  });
  for (let at = START; subject.texts.length < 3; at += 1) subject.until(at);
  return subject;
}

describe('a message', () => {
  it('is JSON that says which one of which connection it is', () => {
    expect(messages(echo(), 42)(7)).toBe('{"id":"k6-10000042-10000007","pad":""}');
  });

  it('has the size that is asked for, the same for all of a run', () => {
    for (const index of [0, 9_999_999]) {
      for (const n of [1, 9_999_999]) {
        expect(messages(echo({ size: 100 }), index)(n)).toHaveLength(100);
        expect(messages(echo(), index, 'x'.repeat(12))(n)).toHaveLength(50);
      }
    }
  });

  it('differs from all others', () => {
    const texts = [0, 1].flatMap((index) => [1, 2, 3].map((n) => messages(echo(), index)(n)));
    expect(new Set(texts).size).toBe(6);
  });
});

describe('a reply', () => {
  it.each([0, 1, 2])('is the message itself, also an earlier one: %i', (i) => {
    const subject = sentThree();
    subject.receive(subject.texts[i] as string);
    expect(subject.messages()).toMatchObject({ answered: 1, unexpected: 0 });
    subject.receive(subject.texts[i] as string);
    expect(subject.messages()).toMatchObject({ answered: 1, unexpected: 1 });
  });

  it('may be binary', () => {
    const subject = sentThree();
    subject.receive(new TextEncoder().encode(subject.texts[1]).buffer as ArrayBuffer);
    expect(subject.messages()).toMatchObject({ answered: 1, unexpected: 0 });
  });

  it('may be binary of any size, and takes no time that grows as its square', () => {
    const subject = anOpen(echo({ size: 60_000 }), {
      isLean: true,
      env: { WS_HOLD: '10s', WS_MESSAGE_SIZE: '60000', WS_MESSAGE_TIMEOUT: '5s' },
    }).until(START + 800);
    const reply = new TextEncoder().encode(subject.texts[0]);
    const parts = vi.spyOn(String, 'fromCharCode');
    subject.receive(new ArrayBuffer(1_000_000)).receive(reply.buffer as ArrayBuffer);
    expect(Math.max(...parts.mock.calls.map(({ length }) => length))).toBeLessThan(1_000);
    // What has another length than a message is not read at all.
    expect(parts.mock.calls.flat().length).toBeLessThan(100_000);
    expect(subject.messages()).toMatchObject({ answered: 1, unexpected: 1 });
    parts.mockRestore();
  });

  it.each([
    '',
    'hello',
    '{"id":"k6-10000000-10000002","pad":"x"}',
    '{"id":"k6-10000001-10000002","pad":""}',
    '{"id":"k6-10000000-10000009","pad":""}',
    '{"error":{"request":"{"id":"k6-10000000-10000002","pad":""}"}}',
  ])('is nothing else: %j', (frame) => {
    expect(sentThree().receive(frame).messages()).toMatchObject({ answered: 0, unexpected: 1 });
  });
});

it('a message that came back changed is no reply', () => {
  const subject = sentThree();
  const second = subject.texts[1] as string;
  subject.receive(second.replace(/x"}$/, 'y"}')).receive(second.replace('k6-10000000', 'k6-10000001'));
  expect(subject.messages()).toMatchObject({ answered: 0, unexpected: 2 });
});

it('send-only sends the same, and waits for nothing', () => {
  const { requests } = sendOnly({ size: 64 });
  expect(requests?.['message']?.reply).toBe('none');
  expect(messages(sendOnly({ size: 64 }))(1)).toBe(messages(echo({ size: 64 }))(1));
});

it.each<[unknown, string]>([
  [{ size: 'abc' }, ': size is "abc"; a whole number from 40 to 65000 is needed, such as 200.'],
  [{ size: 39 }, ': size is 39; a whole number from 40 to 65000 is needed, such as 200.'],
  [{ size: 65_001 }, ': size is 65001; a whole number from 40 to 65000 is needed, such as 200.'],
  [{ size: 50.5 }, ': size is 50.5; a whole number from 40 to 65000 is needed, such as 200.'],
  [{ sizes: 50 }, ' does not know "sizes". It knows: size.'],
  [null, ': its argument is no object; one is needed, such as { size: 200 }.'],
  [[], ': its argument is no object; one is needed, such as { size: 200 }.'],
])('what is no option is an error: %j', (options, message) => {
  expect(() => echo(options as object)).toThrow(`echo${message}`);
  expect(() => sendOnly(options as object)).toThrow(`sendOnly${message}`);
});
