import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';

const require = createRequire(import.meta.url);
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(require.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')));

export function parsePowerShell(text: string): Node {
  // The grammar takes a carriage return for a part of a word.
  const tree = parser.parse(text.replaceAll('\r\n', '\n'));
  if (!tree) throw new Error('tree-sitter gave no tree');
  return tree.rootNode;
}

const at = (node: Node, text: string) => `line ${node.startPosition.row + 1}: ${text}`;
const start = (node: Node) => JSON.stringify(node.text.split('\n')[0]?.slice(0, 60));

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children) yield* walk(child);
}

function ofType(node: Node, type: string): Node[] {
  return [...walk(node)].filter((one) => one.type === type);
}

/** What is no PowerShell, and what only PowerShell 7 takes. */
export function syntaxProblems(text: string): string[] {
  const found: string[] = [];
  for (const node of walk(parsePowerShell(text))) {
    if (node.isMissing) found.push(at(node, `${node.type} is missing`));
    // An error in an error says nothing more.
    else if (node.isError && !node.parent?.isError) found.push(at(node, `no PowerShell: ${start(node)}`));
    else if (node.type === 'pipeline_chain_tail') {
      found.push(at(node, `Windows PowerShell 5.1 does not know ${node.text}`));
    } else if (node.type === 'expandable_string_literal' || node.type === 'expandable_here_string_literal') {
      // PowerShell reads a scope up to the colon, and refuses to parse the file.
      for (const [name] of node.text.matchAll(/(?<!`)\$\w+:(?![\w{:])/g)) {
        found.push(at(node, `in a string, write \${${name.slice(1, -1)}}: in place of ${name}`));
      }
    }
  }
  return found;
}

export function asciiProblems(bytes: Uint8Array): string[] {
  let line = 1;
  for (const byte of bytes) {
    if (byte === 10) line++;
    if (byte > 126 || (byte < 32 && ![9, 10, 13].includes(byte))) {
      return [`line ${line}: byte 0x${byte.toString(16)} is not ASCII: Windows PowerShell reads it by the code page`];
    }
  }
  return [];
}

/** `.PARAMETER Name` and the like in the first comment that has a `.SYNOPSIS`. */
function helpSections(text: string): { keyword: string; name: string; text: string }[] {
  const root = parsePowerShell(text);
  const help = root.children.find(({ type, text }) => type === 'comment' && /^\s*\.SYNOPSIS/im.test(text));
  const parts = (help?.text ?? '').replace(/^<#|#>$/g, '').split(/^[ \t]*\.([A-Z]+)(?:[ \t]+(\S+))?[ \t]*$/im);
  const sections = [];
  for (let i = 1; i + 2 < parts.length; i += 3) {
    sections.push({
      keyword: (parts[i] ?? '').toUpperCase(),
      name: parts[i + 1] ?? '',
      text: (parts[i + 2] ?? '').trim(),
    });
  }
  return sections;
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** What the comment-based help of a script lacks: every parameter is to be described, and used in an example. */
export function helpProblems(text: string): string[] {
  const sections = helpSections(text).filter((section) => section.text !== '');
  const found = ['SYNOPSIS', 'DESCRIPTION', 'EXAMPLE']
    .filter((keyword) => !sections.some((section) => section.keyword === keyword))
    .map((keyword) => `no .${keyword}`);
  const examples = sections.filter(({ keyword }) => keyword === 'EXAMPLE').map((section) => section.text);
  const described = sections.filter(({ keyword }) => keyword === 'PARAMETER').map(({ name }) => name);
  const parameters = parametersOf(text);
  for (const names of parameters) {
    const name = names.find((one) => described.some((other) => same(one, other)));
    if (name === undefined) found.push(`no .PARAMETER ${names[0]}`);
    const used = new RegExp(`(^|\\s)-(${names.join('|')})(?![\\w-])`, 'i');
    if (!examples.some((example) => used.test(example))) found.push(`no .EXAMPLE uses -${name ?? names[0]}`);
  }
  for (const name of described) {
    if (!parameters.flat().some((other) => same(name, other))) found.push(`.PARAMETER ${name} describes no parameter`);
  }
  return found;
}

/**
 * The names of each parameter: its own, then its aliases. A script without a param block, which sorts its arguments
 * itself, has the parameters of its first function.
 */
function parametersOf(text: string): string[][] {
  const root = parsePowerShell(text);
  const own = root.children.find(({ type }) => type === 'param_block');
  const first = ofType(root, 'function_statement')[0];
  const block = own ?? (first && ofType(first, 'param_block')[0]);
  return (block ? ofType(block, 'script_parameter') : []).map((parameter) => {
    const variable = parameter.children.find(({ type }) => type === 'variable');
    const aliases = /\[Alias\(([^)]*)\)/i.exec(parameter.text)?.[1]?.match(/\w+/g) ?? [];
    return [variable ? nameOf(variable).name : '', ...aliases];
  });
}

/** What `Get-Verb` lists in PowerShell 7. Windows PowerShell 5.1 has all but Build and Deploy. */
const APPROVED_VERBS = new Set(
  `Add Approve Assert Backup Block Build Checkpoint Clear Close Compare Complete Compress Confirm Connect Convert
  ConvertFrom ConvertTo Copy Debug Deny Deploy Disable Disconnect Dismount Edit Enable Enter Exit Expand Export Find
  Format Get Grant Group Hide Import Initialize Install Invoke Join Limit Lock Measure Merge Mount Move New Open
  Optimize Out Ping Pop Protect Publish Push Read Receive Redo Register Remove Rename Repair Request Reset Resize
  Resolve Restart Restore Resume Revoke Save Search Select Send Set Show Skip Split Start Step Stop Submit Suspend
  Switch Sync Test Trace Unblock Undo Uninstall Unlock Unprotect Unpublish Unregister Update Use Wait Watch Write`.split(
    /\s+/,
  ),
);

export function functionNameProblems(text: string): string[] {
  return ofType(parsePowerShell(text), 'function_name').flatMap((node) => {
    const name = node.text.replace(/^(script|global|local|private):/i, '');
    const verb = /^([A-Z][A-Za-z]*)-[A-Z][A-Za-z0-9]*$/.exec(name)?.[1];
    if (verb === undefined) return [at(node, `${name} is not of the form Verb-Noun`)];
    return APPROVED_VERBS.has(verb) ? [] : [at(node, `${verb} of ${name} is not an approved verb`)];
  });
}

/** What PowerShell and Pester set themselves, in lower case. */
const AUTOMATIC = new Set(
  `$ ? ^ _ args consolefilename enabledexperimentalfeatures error event eventargs eventsubscriber executioncontext
  false foreach home host input iscoreclr islinux ismacos iswindows lastexitcode matches myinvocation nestedpromptlevel
  null pid profile psboundparameters pscmdlet pscommandpath psculture psdebugcontext psedition pshome psitem
  psscriptroot pssenderinfo psuiculture psversiontable pwd sender shellid stacktrace switch this true
  confirmpreference debugpreference erroractionpreference errorview formatenumerationlimit informationpreference
  maximumhistorycount ofs outputencoding progresspreference psdefaultparametervalues psmoduleautoloadingpreference
  psnativecommandargumentpassing psnativecommanduseerroractionpreference psstyle verbosepreference warningpreference
  whatifpreference testdrive testregistry`.split(/\s+/),
);

const COMMON_VARIABLE_PARAMETER = /^-(\w*Variable|[oewip]v)$/i;

function nameOf(variable: Node): { scope: string; name: string } {
  const bare = variable.text.replace(/^[$@]/, '').replace(/^\{(.*)\}$/s, '$1');
  const colon = bare.indexOf(':');
  return { scope: bare.slice(0, Math.max(colon, 0)).toLowerCase(), name: bare.slice(colon + 1) };
}

const SHARED_SCOPES = ['script', 'global'];
const VARIABLE_SCOPES = ['', 'local', 'private', 'using', ...SHARED_SCOPES];

/**
 * Variables that are read but that nothing sets: not in the function that reads them, not in one around it and not in
 * the file outside of functions. A script block sees what is around it, so only functions count.
 */
export function unsetVariableProblems(text: string): string[] {
  const root = parsePowerShell(text);
  const set = new Map<string, Set<number>>();
  const add = (name: string, where: number) =>
    set.set(name.toLowerCase(), (set.get(name.toLowerCase()) ?? new Set<number>()).add(where));
  const written = new Set<number>();
  for (const node of walk(root)) {
    for (const variable of setBy(node)) {
      const { scope, name } = nameOf(variable);
      written.add(variable.id);
      add(name, SHARED_SCOPES.includes(scope) ? root.id : (functionOf(variable)?.id ?? root.id));
    }
    if (node.type === 'command') {
      for (const name of namedByCommand(node, root)) add(name, functionOf(node)?.id ?? root.id);
    }
  }
  return ofType(root, 'variable').flatMap((node) => {
    const { scope, name } = nameOf(node);
    if (written.has(node.id) || !VARIABLE_SCOPES.includes(scope) || AUTOMATIC.has(name.toLowerCase())) return [];
    if (isOfOthers(node, scope)) return [];
    const places = set.get(name.toLowerCase());
    if (places?.has(root.id)) return [];
    for (let up = functionOf(node); up; up = functionOf(up)) if (places?.has(up.id)) return [];
    return [at(node, `nothing sets ${node.text}`)];
  });
}

/** PowerShell refuses to set some of them when it comes to it, and sets the others anew. */
const NOT_TO_SET = new Set(
  `? args consolefilename error event eventargs eventsubscriber executioncontext false foreach home host input iscoreclr
  islinux ismacos iswindows matches myinvocation nestedpromptlevel pid profile psboundparameters pscmdlet pscommandpath
  psculture psedition pshome psitem psscriptroot pssenderinfo psuiculture psversiontable pwd sender shellid stacktrace
  switch this true`.split(/\s+/),
);

export function automaticVariableProblems(text: string): string[] {
  return [...walk(parsePowerShell(text))]
    .flatMap(setBy)
    .filter((variable) => NOT_TO_SET.has(nameOf(variable).name.toLowerCase()))
    .map((variable) => at(variable, `${variable.text} is PowerShell's own`));
}

function functionOf(node: Node): Node | undefined {
  for (let up = node.parent; up; up = up.parent) {
    if (up.type === 'function_statement' || up.type === 'class_method_definition') return up;
  }
  return undefined;
}

/** The variables that this node itself sets. */
function setBy(node: Node): Node[] {
  switch (node.type) {
    case 'assignment_expression': {
      // $i += 1 reads $i first: with Set-StrictMode that is an error where nothing set it.
      const [left, operator] = node.children;
      return left && operator?.text === '=' ? ofType(left, 'variable').filter((one) => isTarget(one, left)) : [];
    }
    case 'script_parameter':
    case 'class_method_parameter':
    case 'class_property_definition':
    case 'foreach_statement':
      return node.children.filter(({ type }) => type === 'variable').slice(0, 1);
    default:
      return [];
  }
}

/** $a[$i] = 1 and $a.B = 1 read $a, and so does what stands in a type's brackets. */
function isTarget(variable: Node, left: Node): boolean {
  for (let up = variable.parent; up && up.id !== left.id; up = up.parent) {
    if (['element_access', 'member_access', 'invokation_expression', 'sub_expression'].includes(up.type)) return false;
  }
  return true;
}

/** -OutVariable and the like, Set-Variable, and the keys of Pester's -ForEach and -Parameters. */
function* namedByCommand(command: Node, root: Node): Generator<string> {
  const name = command.childForFieldName('command_name')?.text.toLowerCase() ?? command.children[0]?.text.toLowerCase();
  const parts = command.children
    .flatMap((child) => (child.type === 'command_elements' ? child.children : []))
    .filter(({ type }) => type !== 'command_argument_sep');
  const setsVariable = name === 'set-variable' || name === 'new-variable';
  for (const [i, part] of parts.entries()) {
    const value = parts[i + 1];
    if (setsVariable && i === 0 && part.type !== 'command_parameter') yield unquoted(part);
    if (part.type !== 'command_parameter' || !value) continue;
    if (COMMON_VARIABLE_PARAMETER.test(part.text) || (setsVariable && /^-Name$/i.test(part.text)))
      yield unquoted(value);
    else if (/^-(ForEach|TestCases|Parameters)$/i.test(part.text)) yield* keysIn(value, root);
  }
}

const unquoted = (node: Node) => node.text.replace(/^\+/, '').replace(/^(['"])(.*)\1$/, '$2');

function* keysIn(value: Node, root: Node): Generator<string> {
  for (const key of ofType(value, 'key_expression')) yield unquoted(key);
  const names = ofType(value, 'variable').map((variable) => nameOf(variable).name);
  for (const assignment of ofType(root, 'assignment_expression')) {
    const [left, , right] = assignment.children;
    if (!left || !right) continue;
    const sets = ofType(left, 'variable').some((variable) => names.some((name) => same(name, nameOf(variable).name)));
    if (sets) for (const key of ofType(right, 'key_expression')) yield unquoted(key);
  }
}

/** In the script block of a mock, the parameters of what it replaces; in InModuleScope, the module's own variables. */
function isOfOthers(node: Node, scope: string): boolean {
  let inBlock = false;
  for (let up = node.parent; up; up = up.parent) {
    if (up.type === 'script_block_expression') inBlock = true;
    if (up.type !== 'command' || !inBlock) continue;
    const name = up.children[0]?.text ?? '';
    if (/^(Mock|Should)$/i.test(name)) return true;
    if (/^InModuleScope$/i.test(name) && SHARED_SCOPES.includes(scope)) return true;
    inBlock = false;
  }
  return false;
}
