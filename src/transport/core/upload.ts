import type { UploadModelRequest as UploadMessage } from '../../../gen/ts/predictd/v1/model_service_pb.js';
import { invalidField } from '../../domain/errors.js';
import { limits } from '../../domain/limits.js';
import type { UploadModelRequest } from '../../service/upload-model.js';

/**
 * Reads an upload: what it is from the first message, its bytes from all of them. Messages are asked for one by one, so
 * that the caller sends no faster than the disk takes them.
 */
export async function uploadFromMessages(
  messages: AsyncIterable<UploadMessage>,
): Promise<UploadModelRequest> {
  const iterator = messages[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) {
    throw invalidField('parent', 'REQUIRED', 'Send a first message that names the model.');
  }
  const { parent, modelId, sha256 } = first.value;
  return { parent, modelId, sha256, chunks: chunksOf(first.value, iterator) };
}

async function* chunksOf(
  first: UploadMessage,
  rest: AsyncIterator<UploadMessage>,
): AsyncGenerator<Uint8Array> {
  yield chunkOf(first);
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    assertSameModel(first, next.value);
    yield chunkOf(next.value);
  }
}

function chunkOf({ content }: UploadMessage): Uint8Array {
  const data = content?.data ?? new Uint8Array();
  if (data.length <= limits.uploadChunkBytesMax) return data;
  const description = `It has ${data.length} bytes. Send at most ${limits.uploadChunkBytesMax} at once.`;
  throw invalidField('content.data', 'TOO_LONG', description);
}

/** The name stands in the first message; later ones may repeat it, but not change it. */
function assertSameModel(first: UploadMessage, next: UploadMessage): void {
  for (const field of ['parent', 'modelId', 'sha256'] as const) {
    if (next[field] === '' || next[field] === first[field]) continue;
    const name = field === 'modelId' ? 'model_id' : field;
    throw invalidField(name, 'CONFLICT', 'It differs from that of the first message.');
  }
}
