import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/demo/package-root.js';

/** An SDK whose README quotes tested examples. */
export interface Sdk {
  readonly readme: string;
  /** By the name that the README's markers begin with. */
  readonly examples: Readonly<Record<string, string>>;
}

/** All of them. */
export const SDKS: readonly Sdk[] = [
  {
    readme: 'gen/js/README.md',
    examples: { connect: 'test/sdk/js/src/connect.ts', 'grpc-js': 'test/sdk/js/src/grpc-js.ts' },
  },
  { readme: 'gen/python/README.md', examples: { python: 'test/sdk/python/example.py' } },
  {
    readme: 'gen/go/README.md',
    examples: { connect: 'test/sdk/go/connect/main.go', grpc: 'test/sdk/go/grpc/main.go' },
  },
  { readme: 'gen/java/README.md', examples: { java: 'test/sdk/java/src/main/java/Example.java' } },
  { readme: 'gen/rust/README.md', examples: { rust: 'test/sdk/rust/src/main.rs' } },
];

/** `<!-- EXAMPLE SNIPPET -->` and the code block below it. */
const QUOTE = /<!-- ([\w-]+) ([\w-]+) -->\n```(\w+)\n[\s\S]*?\n```/g;

/**
 * The README as it should be: in each code block below a marker stands what the example has between
 * `snippet: NAME` and `end`. Throws for a marker that names none.
 */
export async function withSnippets({ readme, examples }: Sdk): Promise<string> {
  const snippets = new Map<string, string>();
  for (const [example, path] of Object.entries(examples)) {
    const text = await readFile(join(packageRoot(), path), 'utf8');
    for (const [name, code] of snippetsOf(text)) snippets.set(`${example} ${name}`, code);
  }
  const text = await readFile(join(packageRoot(), readme), 'utf8');
  return text.replace(QUOTE, (_, example: string, name: string, language: string) => {
    const code = snippets.get(`${example} ${name}`);
    if (code === undefined) throw new Error(`${readme} quotes ${example} ${name}: there is none`);
    return `<!-- ${example} ${name} -->\n\`\`\`${language}\n${code}\n\`\`\``;
  });
}

function snippetsOf(text: string): [name: string, code: string][] {
  const blocks = text.matchAll(
    /^[\t ]*(?:\/\/|#) snippet: ([\w-]+)\n([\s\S]*?)^[\t ]*(?:\/\/|#) end$/gm,
  );
  return [...blocks].map(([, name = '', block = '']) => [name, unindented(block)]);
}

function unindented(block: string): string {
  const lines = block.trimEnd().split('\n');
  const margins = lines.filter((line) => line !== '').map((line) => line.search(/\S/));
  const margin = Math.min(...margins);
  return lines.map((line) => line.slice(margin)).join('\n');
}
