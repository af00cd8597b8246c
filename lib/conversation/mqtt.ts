import type { Conversation, Session } from './conversation.ts';
import {
  type AnsweredByPush,
  type Ask,
  type Asked,
  type CommonOptions,
  check,
  forClient,
  type Payload,
  type PerClient,
  type PerRequest,
  requestsOf,
  settle,
} from './options.ts';
import { type Alive, watchSigns } from './signs.ts';

/** A message to publish. */
export interface MqttRequest extends Ask {
  /** Default: the name of the kind. */
  topic?: PerClient<string>;
  /** Text, ArrayBuffer and Uint8Array go as they are, all else as JSON. Default empty. */
  payload?: PerRequest<Payload | Uint8Array | ArrayBuffer>;
  /** 1 (default): answered by the broker's PUBACK. 0: never acknowledged, so `reply` is `none` unless `answers` is given. */
  qos?: 0 | 1;
  /** Whether the broker keeps it for those who subscribe later. Default false. */
  retain?: boolean;
}

/** The options of `mqtt`. `refused` and `answers` get `{ topic, payload }`, the payload as text. */
export interface MqttOptions extends CommonOptions<MqttRequest>, AnsweredByPush {
  /** Must differ by connection, else the broker closes the older one. Default: 23 characters at most, of index and chance, so that runs differ too. */
  clientId?: PerClient<string>;
  username?: PerClient<string>;
  /** Only with a username. */
  password?: PerClient<string>;
  /** Topic filters to subscribe to at qos 1 before it counts as ready. Default none. */
  topics?: PerClient<readonly string[]>;
  /** Seconds within which the broker is promised a sign of life; a PINGREQ goes at three quarters of it. A broker of which nothing comes for one and a half times as long is given up. 0: none. Default 60, 0 to 65535. */
  keepAliveSeconds?: number;
}

/** What it remembers of a connection. */
export interface MqttState extends Asked, Alive {
  /** Bytes of a packet that is not complete. */
  rest: Uint8Array;
  /** The last request published at qos 1. */
  lastN: number;
  isConnected: boolean;
  /** Topics whose SUBACK is missing. */
  subscribing: number;
  /** Identifiers of messages at qos 1 whose kind waits for no reply. Made when first needed. */
  unawaited?: Set<number>;
}

/**
 * MQTT 3.1.1 over WebSocket, always with a clean session.
 *
 * Ready: CONNACK, and SUBACK for all topics. Answered: PUBACK, the broker has it; whether anybody received it, `reach` tells. Push: PUBLISH, by its topic.
 * A packet may come in several frames and a frame may hold several packets.
 */
export function mqtt(options: MqttOptions = {}): Conversation<MqttState> {
  const text = (example: string) => ['string function', example] as const;
  check(
    {
      maker: 'mqtt',
      options: {
        clientId: text("({ index }) => 'client' + index"),
        username: text("'ann'"),
        password: text('({ user }) => user.password'),
        topics: ['list function', "['room/1']"],
        keepAliveSeconds: ['', ''],
        answers: ['function', '({ payload }) => JSON.parse(payload).n'],
        heartbeat: ['boolean', 'false'],
      },
      kind: {
        topic: text("'room/1'"),
        payload: ['string number boolean list object bytes function', "'hello'"],
        qos: ['', ''],
        retain: ['boolean', 'true'],
      },
    },
    options,
  );
  if (options.password !== undefined && options.username === undefined) {
    throw new Error(
      "mqtt: password is given without username, which MQTT 3.1.1 does not have; both are needed, such as username: 'ann'.",
    );
  }
  const { keepAliveSeconds = 60, answers, heartbeat = true } = options;
  /** First bytes of packets, type and flags. */
  const CONNECT = 0x10;
  const CONNACK = 0x20;
  const PUBLISH = 0x30;
  const PUBACK = 0x40;
  const SUBSCRIBE = 0x82;
  const SUBACK = 0x90;
  const PINGREQ = 0xc0;
  const PINGRESP = 0xd0;
  const DISCONNECT = 0xe0;
  /** The identifier of the one SUBSCRIBE. */
  const SUBSCRIPTION = 1;
  /** In a SUBACK: above the highest qos this topic was refused. Brokers say more than the 0x80 of 3.1.1. */
  const refusals: Record<number, string> = {
    128: 'subscription refused',
    131: 'subscription refused: not accepted',
    135: 'subscription refused: not authorized',
    143: 'subscription refused: topic not valid',
    151: 'subscription refused: quota exceeded',
  };
  /** Identifiers of packets: 1 to this, then 1 again. */
  const IDENTIFIERS = 65_535;
  /** Bytes of a packet at most. A length beyond it is garbage that would be waited for until the end. */
  const LARGEST = 16 * 1024 * 1024;
  const NOTHING = new Uint8Array(0);
  const reasons = [
    '',
    'unacceptable protocol version',
    'identifier rejected',
    'server unavailable',
    'bad user name or password',
    'not authorized',
  ];

  const word = (value: number): number[] => [value >> 8, value & 255];
  const wordAt = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

  /** A text or bytes with its length before it. */
  const field = (text: string): Uint8Array => {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > IDENTIFIERS) throw new Error(`mqtt: a text of ${bytes.length} bytes; 65535 is the most.`);
    return joined(word(bytes.length), bytes);
  };

  const joined = (...parts: (Uint8Array | number[])[]): Uint8Array => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  };

  const packet = (first: number, ...parts: (Uint8Array | number[])[]): Uint8Array => {
    const body = joined(...parts);
    const length: number[] = [];
    let left = body.length;
    do {
      length.push((left & 127) | (left > 127 ? 128 : 0));
      left >>= 7;
    } while (left > 0);
    return joined([first], length, body);
  };

  /** Packets that a broker sends to this client, by their first byte, and the lengths that each can have. */
  const lengths: Record<number, readonly [number, number]> = {
    [CONNACK]: [2, 2],
    [PUBLISH]: [3, LARGEST],
    [PUBACK]: [2, 2],
    [SUBACK]: [3, LARGEST],
    [PINGRESP]: [0, 0],
  };

  /**
   * The packet at the beginning of these bytes, undefined if they do not hold all of it yet. Behind what no broker sends nothing can be read: all of it is one
   * packet of type 0, which there is not.
   */
  const firstPacket = (bytes: Uint8Array): { first: number; body: Uint8Array; size: number } | undefined => {
    const [first] = bytes;
    if (first === undefined) return undefined;
    const broken = { first: 0, body: NOTHING, size: bytes.length };
    const limits = lengths[(first & 0xf0) === PUBLISH ? PUBLISH : first];
    if (limits === undefined) return broken;
    let length = 0;
    for (let at = 1; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      length |= (byte & 127) << (7 * (at - 1));
      if (byte > 127 && at < 4) continue;
      if (byte > 127 || length < limits[0] || length > limits[1]) return broken;
      const size = at + 1 + length;
      return bytes.length < size ? undefined : { first, body: bytes.subarray(at + 1, size), size };
    }
    return undefined;
  };

  const connected = (session: Session<MqttState>, code: number): void => {
    if (code !== 0) {
      session.fail(reasons[code] ?? `connection refused ${code}`);
      return;
    }
    const { state } = session;
    state.isConnected = true;
    if (heartbeat && keepAliveSeconds > 0) {
      session.every(keepAliveSeconds * 750, (alive) => alive.send(packet(PINGREQ)));
      // One of them was not answered until the next was due.
      watchSigns(session, keepAliveSeconds * 1_500, 'no PINGRESP');
    }
    const topics = forClient(options.topics ?? [], session);
    state.subscribing = topics.length;
    if (topics.length === 0) session.ready();
    else session.send(packet(SUBSCRIBE, word(SUBSCRIPTION), ...topics.flatMap((topic) => [field(topic), [1]])));
  };

  const subscribed = (session: Session<MqttState>, body: Uint8Array): void => {
    const { state } = session;
    const codes = body.subarray(2);
    if (state.subscribing === 0 || wordAt(body, 0) !== SUBSCRIPTION) return;
    const code = codes.find((each) => each > 2);
    if (code !== undefined) session.fail(refusals[code] ?? 'subscription refused by an unknown code');
    else if (codes.length !== state.subscribing) session.fail('SUBACK does not answer each topic');
    else session.ready();
    state.subscribing = 0;
  };

  const published = (session: Session<MqttState>, first: number, body: Uint8Array): void => {
    const qos = (first >> 1) & 3;
    const end = 2 + wordAt(body, 0);
    const start = qos === 0 ? end : end + 2;
    // Cut short, or of a qos that was not subscribed to.
    if (body.length < start || qos > 1) return;
    if (qos === 1) session.send(packet(PUBACK, word(wordAt(body, end))));
    const topic = new TextDecoder().decode(body.subarray(2, end));
    const payload = new TextDecoder().decode(body.subarray(start));
    const push = { topic, payload };
    const n = answers?.(push, session) ?? undefined;
    if (n !== undefined) settle(session, n, push);
    else if (!session.delivered(payload)) session.pushed(topic);
  };

  /** Packet identifier -> the latest request that can have it. */
  const requestOf = (id: number, lastN: number): number =>
    lastN - ((((lastN - id) % IDENTIFIERS) + IDENTIFIERS) % IDENTIFIERS);

  /** One packet; what cannot be read leads to no call, and so is unexpected. */
  const take = (session: Session<MqttState>, first: number, body: Uint8Array): void => {
    if (first === CONNACK) {
      if (!session.state.isConnected) connected(session, body[1] as number);
    } else if ((first & 0xf0) === PUBLISH) published(session, first, body);
    else if (first === PUBACK) {
      const id = wordAt(body, 0);
      if (answers !== undefined || session.state.unawaited?.delete(id)) session.expected();
      else session.answered(requestOf(id, session.state.lastN));
    } else if (first === SUBACK) subscribed(session, body);
    else if (first === PINGRESP) session.expected();
  };

  if (!(Number.isInteger(keepAliveSeconds) && keepAliveSeconds >= 0 && keepAliveSeconds <= IDENTIFIERS)) {
    throw new Error(
      `mqtt: keepAliveSeconds is ${typeof keepAliveSeconds === 'string' ? JSON.stringify(keepAliveSeconds) : String(keepAliveSeconds)}; a whole number from 0 to 65535 is needed, such as 60.`,
    );
  }
  const requests: Record<string, MqttRequest> = {};
  for (const [name, kind] of Object.entries(options.requests ?? {})) {
    const { qos = 1 } = kind;
    if (qos !== 0 && qos !== 1) {
      throw new Error(
        `mqtt: qos of the request "${name}" is ${typeof qos === 'function' ? 'a function' : JSON.stringify(qos)}; 0 or 1 is needed, such as qos: 1.`,
      );
    }
    const unanswered = qos === 0 && answers === undefined;
    if (unanswered && (kind.reply ?? 'none') !== 'none') {
      throw new Error(
        `mqtt: request "${name}" has qos 0, which no broker answers, and reply "${kind.reply}"; take qos: 1 or reply: 'none'.`,
      );
    }
    requests[name] = unanswered ? { ...kind, reply: 'none' } : kind;
  }

  return {
    handshake: () => ({ protocols: ['mqtt'] }),
    begin: () => ({ rest: NOTHING, lastN: 0, isConnected: false, subscribing: 0 }),

    opened(session) {
      const chance = Math.random().toString(36).slice(2, 12);
      const id = forClient(options.clientId ?? `k6x${session.index.toString(36)}x${chance}`, session);
      const user = options.username === undefined ? undefined : forClient(options.username, session);
      const password = options.password === undefined ? undefined : forClient(options.password, session);
      const cleanSession = 0x02;
      const flags = cleanSession | (user === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40);
      const texts = [id, user, password].filter((text) => text !== undefined).map(field);
      session.send(packet(CONNECT, field('MQTT'), [4, flags], word(keepAliveSeconds), ...texts));
    },

    received(session, frame) {
      if (typeof frame === 'string') return;
      const { state } = session;
      if (state.heardAt !== undefined) state.heardAt = Date.now();
      const bytes = new Uint8Array(frame);
      let rest = state.rest.length === 0 ? bytes : joined(state.rest, bytes);
      state.rest = NOTHING;
      let found = firstPacket(rest);
      if (found === undefined) session.expected();
      for (; found !== undefined; found = firstPacket(rest)) {
        rest = rest.subarray(found.size);
        take(session, found.first, found.body);
      }
      if (rest.length > 0) state.rest = rest.slice();
    },

    ...requestsOf<MqttRequest, MqttState>({ ...options, requests }, (kind, name, session, n, fill) => {
      const payload = fill(kind.payload ?? '');
      if (payload === null) return null;
      const topic = forClient(kind.topic ?? name, session);
      if (topic === '' || /[+#\0]/.test(topic)) {
        throw new Error(`mqtt: cannot publish to "${topic}"; a topic without + and # is needed, such as room/1.`);
      }
      const { qos = 1 } = kind;
      if (qos === 1) session.state.lastN = n;
      const id = ((n - 1) % IDENTIFIERS) + 1;
      if (qos === 1 && kind.reply === 'none') {
        session.state.unawaited ??= new Set();
        session.state.unawaited.add(id);
      }
      let bytes: Uint8Array;
      if (payload instanceof ArrayBuffer) bytes = new Uint8Array(payload);
      else if (ArrayBuffer.isView(payload))
        bytes = new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength);
      else bytes = new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload));
      return packet(
        PUBLISH | (qos << 1) | (kind.retain === true ? 1 : 0),
        field(topic),
        qos === 1 ? word(id) : [],
        bytes,
      );
    }),

    goodbye(session) {
      session.send(packet(DISCONNECT));
      // The broker only ends the connection then, some without a close frame.
      session.done();
    },
  };
}
