import { expect, it } from 'vitest';
import { subprotocolProblem } from '../../../lib/connection/subprotocol.ts';

it.each<[string[], string, string | null]>([
  [[], '', null],
  [['mqtt'], 'mqtt', null],
  [['v12.stomp', 'v11.stomp'], 'v11.stomp', null],
  [['mqtt'], '', 'the server chose no sub-protocol'],
  [['mqtt'], 'mqttv3.1', 'the server chose a sub-protocol that was not asked for'],
  [['mqtt'], 'MQTT', 'the server chose a sub-protocol that was not asked for'],
  [[], 'mqtt', 'the server chose a sub-protocol that was not asked for'],
])('of %j the choice of "%s" is answered with %s', (asked, chosen, problem) => {
  expect(subprotocolProblem(asked, chosen)).toBe(problem);
});
