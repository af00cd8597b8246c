import { expect, it } from 'vitest';
import type { Clients } from '../../../lib/connection/connection.ts';
import { aConnecting, CLOSE_AT, type Setup, START, type Subject, spoken } from './a-connection.ts';

/** A connection of a client that comes back, and what its client hears of it. */
function aClients(setup: Setup = {}, conversation = spoken()) {
  const heard: string[] = [];
  const clients: Clients = {
    attempt: () => true,
    settle: () => 0,
    isFirst: () => true,
    previous: () => undefined,
    madeBefore: () => 0,
    established: () => {
      heard.push('established');
      return false;
    },
    ready: (_, now) => heard.push(`ready at ${now - START}`),
    failed: (_, reason, wasOpen) => heard.push(`failed ${reason}${wasOpen ? ', was open' : ''}`),
    closed: () => heard.push('closed'),
  };
  const subject = aConnecting(conversation, setup);
  subject.vu.clients = clients;
  return { subject, heard };
}

it.each<[string, (subject: Subject<undefined>) => unknown, string[]]>([
  ['closed as planned', (s) => s.open().until(CLOSE_AT + 1_000), ['established', 'ready at 0', 'closed']],
  ['dropped', (s) => s.open().gone(undefined), ['established', 'ready at 0', 'failed reset, was open']],
  ['closed by the server', (s) => s.open().gone(1012), ['established', 'ready at 0', 'failed server_close, was open']],
  ['not established in time', (s) => s.until(START + 2_000), ['failed handshake_timeout']],
  ['refused', (s) => s.life.parts().endings.failed(s.connection, 'refused', ''), ['failed refused']],
])('its client hears once that it is %s', (_, happens, expected) => {
  const { subject, heard } = aClients();
  happens(subject);
  subject.gone(1000);
  expect(heard).toEqual(expected);
});

it.each([spoken(), spoken({ opened: () => undefined })])(
  'its client is down when it is not back by its planned end',
  (conversation) => {
    const { subject, heard } = aClients({ env: { WS_HOLD: '1s', WS_HANDSHAKE_TIMEOUT: '10s' } }, conversation);
    subject.open(CLOSE_AT);
    expect(heard).toEqual(['failed handshake_timeout']);
    expect(subject.books.rated('ws_connect_success', false)).toBe(1);
    expect(subject.wire.closes).toEqual([1000]);
    expect(subject.wakeAt).toBe(0);
  },
);

it('its client hears when the login is complete, or fails', () => {
  const login = spoken({ opened: () => undefined });
  const { subject, heard } = aClients({}, login);
  subject.open();
  expect(heard).toEqual(['established']);
  subject.until(START + 100).receive('ready');
  expect(heard).toEqual(['established', 'ready at 100']);
  const late = aClients({}, login);
  late.subject.open().until(START + 2_000);
  expect(late.heard).toEqual(['established', 'failed timeout, was open']);
});

it('only its first handshake that succeeds counts for the time to establish all', () => {
  const { subject } = aClients();
  subject.open();
  expect(subject.books.values('ws_establish_time')).toEqual([]);
  expect(subject.books.values('ws_connect_time')).toHaveLength(1);
});
