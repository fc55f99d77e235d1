/** One step of the schema. A step that was released is never changed; the next one mends it. */
export interface Migration {
  /** The file's number: one more than the step before. */
  readonly version: number;
  readonly sql: string;
}
