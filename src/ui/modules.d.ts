/** What the protos say about their fields and values, by full name: see build.mjs. */
declare module 'contract-comments' {
  export const comments: Readonly<Record<string, string>>;
}

declare module '*.css';
