import { once } from 'node:events';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import type { IncomingFile } from '../../domain/ports.js';
import { parseFailure } from './parse-failure.js';

/** What came with a command. */
export interface ActionForm {
  /** The part `data`, as text; absent if there was none. */
  readonly data?: string;
  /** The parts `file`, in order. */
  readonly files: readonly ReceivedFile[];
  /** Deletes the files. */
  drop(): Promise<void>;
}

/** A file on this machine's disk, under a name that its sender did not choose. */
export interface ReceivedFile {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** The form as it comes in. */
export interface IncomingForm {
  readonly contentType: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

const kib = 1024;
const mib = 1024 * kib;

/** Bounds of one form; beyond any of them the whole form is refused. */
export const formLimits = {
  partsMax: 20,
  /** A batch of record files; more are sent with further commands. */
  filesMax: 8,
  /** The largest models that people load by hand, and half a million records of a hundred bytes. */
  fileBytesMax: 64 * mib,
  totalBytesMax: 128 * mib,
  /** An action with thousands of feature names. */
  dataBytesMax: 256 * kib,
  headerPairsMax: 16,
  headerBytesMax: 8 * kib,
} as const;

/**
 * Reads a form and keeps its files on disk, so that its size costs no memory. Nothing of it stays if it throws;
 * otherwise the caller drops it. Names of files are not looked at.
 */
export async function readActionForm(
  form: IncomingForm,
  receive: (maxBytes: number) => Promise<IncomingFile>,
): Promise<ActionForm> {
  const reader = new FormReader(form.contentType, receive);
  try {
    await reader.read(form.chunks);
    return reader.form();
  } catch (error) {
    await reader.drop(error);
    throw error;
  }
}

interface Spooled extends ReceivedFile {
  readonly incoming: IncomingFile;
}

class FormReader {
  readonly #receive: (maxBytes: number) => Promise<IncomingFile>;
  readonly #busboy: BusboyInstance;
  readonly #streams: BusboyFileStream[] = [];
  readonly #spools: Promise<Spooled>[] = [];
  readonly #failure: Promise<never>;
  #fail: (reason: unknown) => void = () => undefined;
  #failed = false;
  #data: string | undefined;
  #files: readonly Spooled[] = [];

  constructor(contentType: string, receive: (maxBytes: number) => Promise<IncomingFile>) {
    this.#receive = receive;
    this.#failure = new Promise((_resolve, reject) => {
      this.#fail = (reason) => {
        this.#failed = true;
        reject(reason);
      };
    });
    // It may fail while nobody waits; whoever waits next hears of it.
    this.#failure.catch(() => undefined);
    this.#busboy = busboyFor(contentType);
    this.#listen();
  }

  async read(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const finished = once(this.#busboy, 'finish');
    finished.catch(() => undefined);
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      if (bytes > formLimits.totalBytesMax) throw tooLarge('form', formLimits.totalBytesMax);
      if (this.#failed) await this.#failure;
      if (!this.#busboy.write(chunk)) {
        await Promise.race([once(this.#busboy, 'drain'), this.#failure]);
      }
    }
    this.#busboy.end();
    await Promise.race([finished, this.#failure]);
    this.#files = await Promise.race([Promise.all(this.#spools), this.#failure]);
    if (this.#failed) await this.#failure;
  }

  form(): ActionForm {
    const files = this.#files;
    return {
      ...(this.#data === undefined ? {} : { data: this.#data }),
      files,
      async drop() {
        await Promise.all(files.map(({ incoming }) => incoming.drop()));
      },
    };
  }

  /** Ends everything that is under way, and deletes what it left. */
  async drop(reason: unknown): Promise<void> {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    for (const stream of this.#streams) stream.destroy(error);
    this.#busboy.destroy();
    const spooled = await Promise.allSettled(this.#spools);
    for (const spool of spooled) {
      if (spool.status === 'fulfilled') await spool.value.incoming.drop();
    }
  }

  #listen(): void {
    const busboy = this.#busboy;
    const over = (what: string) => () => this.#fail(parseFailure(`too many ${what}`));
    busboy.on('partsLimit', over('parts'));
    busboy.on('filesLimit', over('files'));
    busboy.on('fieldsLimit', over('parts "data"'));
    busboy.on('error', (error) => this.#fail(parseFailure(undefined, error)));
    busboy.on('field', (name, value, _nameTruncated, valueTruncated) => {
      if (valueTruncated) this.#fail(tooLarge('part "data"', formLimits.dataBytesMax));
      else if (name === dataPart && this.#data === undefined) this.#data = value;
      else this.#fail(parseFailure('give one part "data"'));
    });
    busboy.on('file', (name, stream) => {
      this.#streams.push(stream);
      stream.on('error', (error) => {
        this.#fail(parseFailure(undefined, error));
        stream.destroy(error instanceof Error ? error : undefined);
      });
      if (name !== filePart) this.#fail(parseFailure('parts are named "data" and "file"'));
      const spool = this.#spool(stream);
      spool.catch((error: unknown) => this.#fail(error));
      this.#spools.push(spool);
    });
  }

  async #spool(stream: BusboyFileStream): Promise<Spooled> {
    const incoming = await this.#receive(formLimits.fileBytesMax);
    try {
      // Not destroyed by what fails here, since the stream would then report that as a broken form.
      for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
        await incoming.append(chunk as Uint8Array);
      }
      if (stream.truncated) throw tooLarge('part "file"', formLimits.fileBytesMax);
      return { ...(await incoming.finish()), incoming };
    } catch (error) {
      await incoming.drop();
      throw error;
    }
  }
}

const dataPart = 'data';
const filePart = 'file';

function busboyFor(contentType: string): BusboyInstance {
  if (!/^multipart\/form-data\s*;/i.test(contentType)) {
    throw parseFailure('send multipart/form-data');
  }
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      // Some clients give the part "data" a file name, or the part "file" none.
      isPartAFile: (name) => name !== dataPart,
      limits: {
        parts: formLimits.partsMax,
        files: formLimits.filesMax,
        fileSize: formLimits.fileBytesMax,
        fields: 1,
        fieldSize: formLimits.dataBytesMax,
        headerPairs: formLimits.headerPairsMax,
        headerSize: formLimits.headerBytesMax,
      },
    });
  } catch (error) {
    throw parseFailure(undefined, error);
  }
}

function tooLarge(what: string, bytesMax: number): Error {
  return parseFailure(`the ${what} is larger than ${bytesMax} bytes`);
}
