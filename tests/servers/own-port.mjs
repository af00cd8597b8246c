import { portProblem } from '../../scripts/lib/free-port.mjs';

/** Below all that a system gives to who asks for any port: from 32768 on Linux, from 49152 elsewhere. */
const FIRST = 10_000;
const PORTS = 20_000;

/**
 * A port of 127.0.0.1 on which nobody listens, for a program that is to listen there later, or for nobody. One that is free
 * at the moment would be as likely as any to be given to the next server of another test.
 *
 * @returns {Promise<number>}
 */
export async function ownPort() {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * PORTS);
    if ((await portProblem(port, '127.0.0.1')) === undefined) return port;
  }
}
