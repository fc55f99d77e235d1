/** Headers as callers of the engine may give them. */
export type HeaderFields = Headers | Readonly<Record<string, string>>;
