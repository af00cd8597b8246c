import { describe, expect, it } from 'vitest';
import { readRecording } from '../../../../lib/report/html/recording.ts';
import { aRecording, aTrend, START_MS, secondsTo } from './a-recording.ts';

describe('a recording of k6', () => {
  it('is read by the names of its metrics, also of one that comes in mid-run', () => {
    const text = aRecording(
      {
        ws_connect_attempts: { type: 'counter', at: (s) => [s * 10, 10] },
        'ws_connect_failures{reason:refused}': { type: 'counter', at: (s) => [s, 1], from: 2 },
        ws_message_rtt: { type: 'trend', at: (s) => (s === 2 ? null : aTrend(s)) },
      },
      secondsTo(3),
    );
    const recording = readRecording(text);
    expect(recording?.startMs).toBe(START_MS);
    expect(recording?.times).toEqual([1, 2, 3]);
    expect(recording?.metrics.get('ws_connect_attempts')?.total['count']).toEqual([10, 20, 30]);
    expect(recording?.metrics.get('ws_connect_failures{reason:refused}')?.total['count']).toEqual([null, 2, 3]);
    expect(recording?.metrics.get('ws_message_rtt')?.period['p(99)']).toEqual([6, null, 18]);
  });

  it('keeps the totals of the last period, for which k6 writes no snapshot', () => {
    const lines = aRecording({ ws_messages_sent: { type: 'counter', at: (s) => [s * 5, 5] } }, secondsTo(2)).split(
      '\n',
    );
    const recording = readRecording(lines.filter((_, i) => i !== lines.length - 2).join('\n'));
    expect(recording?.metrics.get('ws_messages_sent')?.total['count']).toEqual([5, 10]);
    expect(recording?.metrics.get('ws_messages_sent')?.period['count']).toEqual([5, null]);
  });

  it('of a run shorter than a period has its totals as its one point', () => {
    const lines = aRecording({ ws_message_rtt: { type: 'trend', at: aTrend } }, [1]).split('\n');
    const recording = readRecording(lines.filter((line) => !line.includes('"snapshot"')).join('\n'));
    expect(recording?.metrics.get('ws_message_rtt')?.period['med']).toEqual([1]);
  });

  it('that breaks off is read as far as it goes, and figures of nobody knows what are passed over', () => {
    const text = aRecording({ ws_messages_sent: { type: 'counter', at: (s) => [s, 1] } }, secondsTo(3));
    expect(readRecording(text.slice(0, text.lastIndexOf('"snapshot"')))?.times).toEqual([1, 2, 3]);
    expect(readRecording(`${text}\n{"event":"cumulative","data":[[1],[2],[3]]}`)?.times).toEqual([1, 2, 3]);
  });

  it.each(['', 'no json', '{"event":"start","data":[[5]]}', 'null'])('of %j is none', (text) => {
    expect(readRecording(text)).toBeNull();
  });
});
