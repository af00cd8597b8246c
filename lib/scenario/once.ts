import type { Options } from 'k6/options';
import { asyncWarning, fileProblems } from '../conversation/file-problems.ts';
import { importedBy, type ModuleFile } from '../conversation/imported.ts';
import { type Loaded, loadLean } from '../conversation/load.ts';
import { loadOther } from '../conversation/load-other.ts';
import { problemsOf } from '../conversation/problems.ts';
import { isModulePath, SHIPPED } from '../conversation/shipped.ts';
import { readLastMemory } from '../generator/memory.ts';
import { k6Parts } from '../generator/watch.ts';
import { exec } from '../k6.ts';
import { METRIC } from '../metrics/names.ts';
import { refuseOtherPlan } from '../plan/archived.ts';
import { beginTest, lostResults, secretTags } from '../plan/begin.ts';
import { shareOf } from '../plan/segment.ts';
import type { Facts } from '../report/facts.ts';
import { k6DataFrom } from '../report/shapes.ts';
import { parseSettings } from '../settings/parse.ts';
import { proxyFor } from '../settings/proxy.ts';
import type { Scenario } from '../settings/settings.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { unusedNames } from '../settings/unused.ts';
import { parseUsers } from '../settings/users.ts';
import { besideTheRun } from './beside.ts';
import { definitionOf } from './definitions.ts';
import { initOf } from './init.ts';
import { needsOf } from './needs.ts';
import { placeOf } from './place.ts';
import { refuseColumns } from './refuse-columns.ts';
import { refuseTimers } from './refuse-timers.ts';
import { folderProblem } from './results-folder.ts';
import { usersOf } from './users.ts';
import { versionsOf } from './versions.ts';

/** Of the last it is the watch's own (lib/generator/identity.ts). */
const OUR_METRICS = [...Object.values(METRIC), 'generator_identity'];

/** What is done once in a test, in VU 0: k6's options, setup, teardown and the report. */
export interface Once {
  options: Options;
  setup(): void | Promise<void>;
  teardown(): void | Promise<void>;
  handleSummary(data: unknown): Record<string, string>;
}

/** Reads the settings, loads the conversation and the users' file, and lays the test out; all that is wrong ends k6 here. */
export function once(scenario: Scenario): Once {
  const settings = parseSettings(__ENV);
  const init = initOf(__ENV);
  const users = usersOf(settings.usersFile ?? undefined, init, (text, name) => parseUsers(text, name).rows);
  refuseColumns(settings, users);
  const loaded = checkedConversation(settings.conversation, init);
  const { traits } = loaded;
  const warning = isModulePath(settings.conversation) ? asyncWarning(filesOf(settings.conversation, init)) : null;
  const needs = needsOf(traits, scenario, settings.conversation);
  // Looked at here, where open() works, and refused in setup(): `k6 archive` and `k6 inspect` need no folder.
  const folder = folderProblem(settings.resultsDir, init, __ENV['PWD']);
  const facts: Facts = {
    settings: folder?.isCertain ? { ...settings, resultsDir: null } : settings,
    traits,
    unused: unusedNames(__ENV, scenario, (need) => needs[need]),
    ignored: settings.ignored,
    proxies: settings.urls.map((url) => proxyFor(__ENV, url)),
    users: users === null ? null : users.length,
    versions: versionsOf(__ENV),
  };
  const definition = definitionOf(scenario, settings, init);
  const share = (connections: number) => shareOf(exec.test.options, connections, definition.perVu(settings));
  const watched = k6Parts();
  const beside = besideTheRun(scenario, settings);
  const options = () => beside.withBeside(definition.options(settings, traits));

  return {
    options: options(),
    setup() {
      // Made anew: into the one that the script exports k6 has written its own.
      refuseOtherPlan(exec.test, options());
      beginTest(
        exec.test,
        facts.unused,
        facts.ignored,
        lostResults(settings.resultsDir, __ENV),
        folder,
        secretTags(settings, isModulePath(settings.conversation) && loaded.conversation().handshake !== undefined),
      );
      if (warning !== null) console.warn(warning);
      return beside.before();
    },
    teardown() {
      // The tiers' watch reads it at the end of each tier.
      if (scenario !== 'tiers') readLastMemory(watched, settings.generatorAddress);
      return beside.after();
    },
    handleSummary(data) {
      const files = definition.end({ ...facts, endedAt: new Date().toISOString() }, share, k6DataFrom(data));
      return withVerdict(files, __ENV['LOAD_TEST_VERDICT']);
    },
  };
}

/**
 * The last line once more, in a file for what started k6: the exit code is that of thresholds alone, which cannot tell whether
 * the books balance.
 *
 * @param path - undefined: nobody asked.
 */
function withVerdict(files: Record<string, string>, path: string | undefined): Record<string, string> {
  const lines = (files['stdout'] ?? '').trimEnd().split('\n');
  return path ? { ...files, [path]: `${lines[lines.length - 1]}\n` } : files;
}

/** The conversation of WS_CONVERSATION, or one clear error. */
function checkedConversation(name: string, init: ReturnType<typeof initOf>): Loaded {
  const refuse = (what: string): never => {
    throw new SettingsError([`WS_CONVERSATION=${JSON.stringify(name)}: ${what}`]);
  };
  if (name === 'any-reply') {
    refuse(
      'it is gone: pushes, pings and errors were its replies, so servers passed that had answered nothing. Where the next frame is the reply, examples/next-frame.ts says so in five lines',
    );
  }
  if (!isModulePath(name) && !(SHIPPED as readonly string[]).includes(name)) {
    refuse(`expected ${SHIPPED.join(', ')}, or the path of a module, for example WS_CONVERSATION=./chat.ts`);
  }
  try {
    const lean = loadLean(name);
    if (lean === null) refuseTimers();
    const loaded = lean ?? loadOther(name, init);
    const problems = isModulePath(name)
      ? [...problemsOf(loaded.conversation()), ...fileProblems(filesOf(name, init), OUR_METRICS)]
      : [];
    if (problems.length > 0) refuse(problems.join('; '));
    return loaded;
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    return refuse(`the module could not be loaded: ${placeOf(error)}`);
  }
}

/** A user's module with all that it imports. */
function filesOf(name: string, { candidates, open }: ReturnType<typeof initOf>): ModuleFile[] {
  const read = (path: string) => {
    try {
      return open(path);
    } catch {
      return null;
    }
  };
  const path = candidates(name).find((candidate) => read(candidate) !== null);
  return path === undefined ? [] : importedBy(path, read);
}
