import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { releaseName } from '../../scripts/lib/k6-release.mjs';
import { PINNED_K6 } from '../../scripts/lib/k6-version.mjs';
import { fakeProgram, k6Answering, temporaryFolder } from './fakes.ts';

const NAME = releaseName(PINNED_K6) as string;
export const ARCHIVE = `${NAME}${process.platform === 'linux' ? '.tar.gz' : '.zip'}`;

/** A release of a k6 that only tells its version, packed as the official ones are. */
export function packRelease(): Buffer {
  const folder = temporaryFolder();
  fakeProgram(path.join(folder, NAME), 'k6', k6Answering(`k6 v${PINNED_K6} (go1.26.8, linux/amd64)`));
  // -a: the kind of archive that the name says.
  const { status, stderr } = spawnSync('tar', ['-acf', ARCHIVE, NAME], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return readFileSync(path.join(folder, ARCHIVE));
}

export function sha256(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * The release downloads on a loopback port.
 *
 * @param archive What is served, or how it is answered.
 * @param checksums The published list; default: the right one for `archive`.
 */
export async function serveReleases(archive: Buffer | ((response: ServerResponse) => void), checksums?: string) {
  const list = checksums ?? `${'0'.repeat(64)}  other.zip\n${sha256(archive as Buffer)}  ${ARCHIVE}\n`;
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url as string);
    if (request.url === `/v${PINNED_K6}/k6-v${PINNED_K6}-checksums.txt`) response.end(list);
    else if (request.url !== `/v${PINNED_K6}/${ARCHIVE}`) response.writeHead(404).end();
    else if (typeof archive === 'function') archive(response);
    else response.end(archive);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
