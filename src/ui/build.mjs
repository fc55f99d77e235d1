// Builds the dashboard into dist/ui: the page, its script and its style under names that say what is in them. Plain
// JavaScript, because it runs before anything is compiled.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { commentsOf } from './contract-comments.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const out = join(root, 'dist', 'ui');
const contract = join(root, 'proto', 'predictd', 'v1');

/** What every browser of the last three years runs. */
const TARGET = ['chrome111', 'firefox115', 'safari16.4'];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { app: join(here, 'main.tsx'), icon: join(here, 'icon.svg') },
  outdir: out,
  entryNames: '[name]-[hash]',
  bundle: true,
  format: 'esm',
  target: TARGET,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.svg': 'copy' },
  minify: true,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [contractComments()],
});
const files = Object.keys(metafile.outputs).map((path) => basename(path));
writeFileSync(join(out, 'index.html'), page(files));
writeFileSync(join(out, 'licenses.txt'), licenses(metafile));

/** The template with the names that the build chose. */
function page(names) {
  const template = readFileSync(join(here, 'index.html'), 'utf8');
  return template.replace(/\{(\w+)\.(\w+)\}/g, (_, name, kind) => {
    const file = names.find((one) => one.startsWith(`${name}-`) && one.endsWith(`.${kind}`));
    if (file === undefined) throw new Error(`the build made no ${name}.${kind}`);
    return `/ui/${file}`;
  });
}

/** The module `contract-comments`: what the protos say about each field and value, which generated code does not hold. */
function contractComments() {
  return {
    name: 'contract-comments',
    setup(on) {
      on.onResolve({ filter: /^contract-comments$/ }, ({ path }) => ({ path, namespace: 'proto' }));
      on.onLoad({ filter: /.*/, namespace: 'proto' }, () => ({
        contents: `export const comments = ${JSON.stringify(commentsOf(contract))};`,
        loader: 'js',
      }));
    },
  };
}

/** The licenses of what is in the bundle, as they ask for. */
function licenses({ inputs }) {
  const packages = Object.keys(inputs).flatMap((path) => {
    const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    return name === undefined ? [] : [name];
  });
  return [...new Set(packages)].sort().map(licenseOf).join('\n');
}

function licenseOf(name) {
  const folder = join(root, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8');
  return `${name} ${version} (${license})\n\n${text}\n`;
}
