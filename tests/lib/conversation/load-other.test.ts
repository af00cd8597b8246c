import { describe, expect, it } from 'vitest';
import { loadOther } from '../../../lib/conversation/load-other.ts';
import type { Makers } from '../../../lib/conversation/makers.ts';
import { problemsOf } from '../../../lib/conversation/problems.ts';

const CHAT = { received: () => undefined };

/** k6's require(), with these modules; its words for one that is not there. */
function load(modules: Record<string, unknown>, candidates = ['/a/chat.ts', '/b/chat.ts']) {
  const tried: string[] = [];
  const require = (path: string) => {
    tried.push(path);
    const module = modules[path];
    if (module === undefined) {
      throw new Error(`GoError: The moduleSpecifier "${path}" couldn't be found on local disk. Make sure that…`);
    }
    if (module instanceof Error) throw module;
    return module;
  };
  return { tried, loaded: () => loadOther('chat.ts', { require, candidates: () => candidates }).conversation() };
}

describe('a module of the user’s', () => {
  it.each<[string, unknown]>([
    ['exports it by default', { default: CHAT }],
    ['is CommonJS', CHAT],
    ['exports a function by default', { default: () => CHAT }],
    ['is a CommonJS function', () => CHAT],
  ])('that %s is a conversation', (_name, module) => {
    expect(load({ '/a/chat.ts': module }).loaded()).toBe(CHAT);
  });

  it('is looked for place by place', () => {
    const { tried, loaded } = load({ '/b/chat.ts': { default: CHAT } });
    expect(loaded()).toBe(CHAT);
    expect(tried).toEqual(['/a/chat.ts', '/b/chat.ts']);
  });

  it('that is nowhere is an error with all places', () => {
    expect(load({}).loaded).toThrow('there is no such file; looked for /a/chat.ts, /b/chat.ts');
  });

  it('that throws is not looked for elsewhere: its own error is told', () => {
    const { tried, loaded } = load({ '/a/chat.ts': new Error('by the module'), '/b/chat.ts': { default: CHAT } });
    expect(loaded).toThrow('by the module');
    expect(tried).toEqual(['/a/chat.ts']);
  });

  it('that misses another module says so', () => {
    const error = new Error(`GoError: The moduleSpecifier "./helper.ts" couldn't be found on local disk.`);
    expect(load({ '/a/chat.ts': error }).loaded).toThrow('"./helper.ts" couldn\'t be found');
  });

  it('is found on Windows, where k6 doubles the backslashes', () => {
    const require = (path: string) => {
      if (path === 'D:/chat.ts') return { default: CHAT };
      throw new Error(
        `GoError: The moduleSpecifier "${path.replaceAll('\\', '\\\\')}" couldn't be found on local disk.`,
      );
    };
    const init = { require, candidates: () => ['C:\\tests\\chat.ts', 'D:/chat.ts'] };
    expect(loadOther('chat.ts', init).conversation()).toBe(CHAT);
  });

  it('gets the makers of all shipped conversations', () => {
    let given: Makers | undefined;
    load({
      '/a/chat.ts': (makers: Makers) => {
        given = makers;
        return CHAT;
      },
    }).loaded();
    const makers = given as unknown as Makers;
    const made = [
      makers.echo(),
      makers.listen(),
      makers.sendOnly(),
      makers.socketIo(),
      makers.graphqlTransportWs(),
      makers.mqtt(),
      makers.stomp(),
      makers.jsonRpc(),
    ];
    expect(made.map(problemsOf)).toEqual(made.map(() => []));
    expect(Object.keys(makers)).toHaveLength(made.length);
    expect(makers.echo({ size: 50 }).requests?.['message']?.frames({ index: 0 } as never, 1)).toHaveLength(50);
  });
});
