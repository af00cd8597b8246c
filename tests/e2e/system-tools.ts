import { onPath } from '../../scripts/lib/on-path.mjs';
import { SYSTEM_TOOLS } from '../../scripts/lib/system-tools.mjs';

/**
 * Path of a program that npm cannot install, or undefined where the tests that need it are left out. In CI it has to be
 * there: its bare name is returned then, and starting it fails.
 *
 * @param aptPackage - as scripts/lib/system-tools.mjs lists it.
 */
export function systemTool(aptPackage: string): string | undefined {
  const commands = SYSTEM_TOOLS.find((tool) => tool.aptPackage === aptPackage)?.commands ?? [];
  const found = commands.map((command) => onPath(command, process.env)).find((file) => file !== undefined);
  return found ?? (process.env['CI'] === 'true' ? aptPackage : undefined);
}
