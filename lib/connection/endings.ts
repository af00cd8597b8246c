import { type Classifier, classifier } from './classify.ts';
import {
  type Connection,
  type Endings,
  type Life,
  type Moment,
  NORMAL_CLOSURE,
  type Notes,
  PROGRESS_STEP,
  type Vu,
} from './connection.ts';
import { DROPS, READY_FAILURES } from './outcome.ts';
import { subprotocolProblem } from './subprotocol.ts';

/** How a connection ends otherwise than planned. */
export function endingsOf(vu: Vu, life: Life, moment: Moment, notes: Notes): Endings {
  const { run, ledger, conversation } = vu;
  let classifies: Classifier | null = null;
  return { failed, refusedHandshake, refusedLate, gone, end, broken, scriptError, subprotocolProblem };

  function classify(): Classifier {
    classifies ??= classifier();
    return classifies;
  }

  function failed(connection: Connection, reason: string, detail: string): void {
    const wasConnecting = connection.phase === 'connecting';
    if (wasConnecting) {
      ledger.attempts.pending(-1);
      ledger.attempts.success(false);
      ledger.attempts.failures(1, { reason });
      if (detail !== '') notes.count(connection, 'detail', detail);
      notes.atTarget(connection, 'not established');
      if ((connection.index + 1) % PROGRESS_STEP === 0) notes.logProgress(connection);
    }
    connection.phase = 'ended';
    if (wasConnecting) vu.clients?.failed(connection, reason, false);
  }

  function refusedHandshake(
    connection: Connection,
    error: string,
    status: number,
    now: number,
    extensions?: string,
  ): void {
    const { reason, detail } = classify().connectFailure(notes.masked(connection, error), status, extensions);
    const isLate = now - connection.begunAt > run.handshakeTimeoutMs;
    // After 60 s k6 cuts off a handshake that hangs in the middle of the server's answer, and reports a malformed one.
    const isCut = isLate && (reason === 'bad_handshake' || reason === 'reset');
    notes.atAddress(connection, 'not established', error);
    failed(connection, isCut ? 'handshake_timeout' : reason, detail);
  }

  function refusedLate(connection: Connection, error: string): void {
    connection.phase = 'ended';
    const { reason, detail } = classify().connectFailure(notes.masked(connection, error), 0);
    if (reason !== 'connect_timeout' && reason !== 'unreachable') return;
    notes.atAddress(connection, 'not established', error);
    ledger.attempts.failures(-1, { reason: 'handshake_timeout' });
    ledger.attempts.failures(1, { reason });
    notes.count(connection, 'detail', detail);
  }

  function gone(
    connection: Connection,
    code: number | undefined,
    error: string,
    closeReason: string,
    now: number,
  ): void {
    const { phase } = connection;
    if (phase === 'closing' || phase === 'ended') return;
    if (connection.index < run.trace) notes.trace(connection, '=', `closed by the other side: ${code ?? 'no code'}`);
    // After the goodbye any close is right.
    if (phase === 'goodbye') {
      life.parts().requests.reportPending(connection);
      // Over k6/ws the sub-protocol is not known before the end, and can make another outcome of it.
      connection.phase = 'closing';
      if (!vu.isOverK6Ws) life.finish(connection);
      return;
    }
    notes.aged(connection, now);
    notes.atAddress(connection, phase === 'login' ? 'not ready' : 'dropped', error);
    const { reason, detail } = classify().drop({
      closeCode: code,
      error: notes.masked(connection, error),
      reason: notes.masked(connection, closeReason),
    });
    let words: string | undefined;
    try {
      words =
        code === undefined ? undefined : conversation.closed?.(code, closeReason || classify().closeReason(error));
      life.parts().stages.refuseLater(words, 'closed');
    } catch (thrown) {
      countError(connection, thrown);
      // Without closing it: k6/ws hangs when a socket is closed twice.
      end(connection, 'script_error', '', now);
      return;
    }
    const more = words === undefined ? detail : `${detail}: ${notes.shown(connection, String(words), 80)}`;
    end(connection, reason, more, now);
  }

  function end(connection: Connection, reason: string, detail: string, now = moment.at): void {
    const { phase } = connection;
    if (phase === 'connecting') {
      failed(connection, reason, detail);
      return;
    }
    if (phase === 'late' || phase === 'closing' || phase === 'ended') return;
    if (connection.waiting !== null) {
      life.parts().requests.expire(connection, now);
      life.parts().requests.lose(connection, reason === 'script_error' || reason === 'interrupted' ? reason : 'lost');
    }
    life.parts().requests.reportPending(connection);
    connection.phase = 'ended';
    ledger.open(-1);
    if (phase === 'login') {
      ledger.ready?.pending(-1);
      ledger.ready?.success(false);
      ledger.ready?.failures(1, { reason });
    } else {
      ledger.dropped(1, { reason });
      ledger.held(false);
    }
    if (detail !== '') notes.count(connection, 'detail', detail);
    notes.atTarget(connection, phase === 'login' ? 'not ready' : 'dropped');
    vu.clients?.failed(connection, reason, true);
  }

  function broken(connection: Connection, word: string): void {
    const isLogin = connection.phase === 'login';
    const ours: readonly string[] = isLogin ? READY_FAILURES : DROPS;
    // A word that is one of our reasons would be told with a cause that nobody saw.
    const plain = notes.wordOf(connection, word);
    const said = ours.includes(plain) ? `fail: ${plain}` : word;
    end(connection, notes.count(connection, isLogin ? 'not ready' : 'dropped', said), '');
    vu.wire.close(NORMAL_CLOSURE, connection.socket);
  }

  function scriptError(connection: Connection, error: unknown): void {
    countError(connection, error);
    const wasOpen = connection.socket !== null && connection.phase !== 'ended' && connection.phase !== 'closing';
    end(connection, 'script_error', '');
    if (wasOpen) vu.wire.close(NORMAL_CLOSURE, connection.socket);
  }

  function countError(connection: Connection, error: unknown): void {
    ledger.scriptErrors(1);
    notes.count(connection, 'script error', notes.errorText(connection, error));
  }
}
