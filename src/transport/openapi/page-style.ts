/** The whole style of the page: one text, so that a policy can name it by its hash. */
export const pageStyle = `
:root { color-scheme: light dark; --line: light-dark(#d8dce2, #343a42); --soft: light-dark(#f4f6f8, #1b1f24);
  --dim: light-dark(#57606a, #9aa4af); --link: light-dark(#0a58ca, #7ab7ff); }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#fff, #0f1216);
  color: light-dark(#1c2127, #e4e8ed); }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
header, main { max-width: 68rem; margin: 0 auto; padding: 1rem 1.5rem; }
header nav a { margin-right: 1.2rem; } header nav a[aria-current] { font-weight: 600; color: inherit; }
h1 { margin: .5rem 0; font-size: 1.6rem; } h2 { margin: 2.5rem 0 .5rem; font-size: 1.25rem; }
h4 { margin: 1rem 0 .3rem; font-size: .9rem; color: var(--dim); }
code { font: .92em/1.4 ui-monospace, monospace; }
p code, li code, td code { background: var(--soft); padding: .08em .3em; border-radius: 4px; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; }
summary { padding: .5rem .8rem; cursor: pointer; display: flex; gap: .8rem; align-items: baseline; flex-wrap: wrap; }
details[open] > summary { border-bottom: 1px solid var(--line); background: var(--soft); }
details > div { padding: .4rem .9rem .9rem; }
summary .verb { font-weight: 700; min-width: 4.2rem; } summary .about { color: var(--dim); }
.get { color: light-dark(#0a6c2d, #57d38c); } .post { color: light-dark(#0a58ca, #7ab7ff); }
.patch { color: light-dark(#8a5a00, #e5b454); } .delete { color: light-dark(#b3261e, #ff8a80); }
table { border-collapse: collapse; width: 100%; } td { border-top: 1px solid var(--line); padding: .35rem .5rem;
  vertical-align: top; } td:first-child { white-space: nowrap; width: 1%; } td p { margin: .1rem 0; }
.type { color: var(--dim); } .must { color: light-dark(#b3261e, #ff8a80); font-size: .85em; }
pre { background: var(--soft); padding: .7rem .9rem; border-radius: 6px; overflow-x: auto; }
`;
