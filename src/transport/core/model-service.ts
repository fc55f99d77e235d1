import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import type {
  ModelSchema,
  ModelService,
  TensorInfoSchema,
} from '../../../gen/ts/predictd/v1/model_service_pb.js';
import type { Model, TensorInfo } from '../../domain/model.js';
import { modelResourceName } from '../../domain/names.js';
import type { Service } from '../../service/create-service.js';
import { callerOf } from '../caller.js';
import { uploadFromMessages } from './upload.js';
import { jsonObject, timestamp } from './values.js';

/** ModelService over the use cases. */
export function modelService(service: Service): ServiceImpl<typeof ModelService> {
  return {
    async uploadModel(messages, context) {
      const request = await uploadFromMessages(messages);
      return modelToMessage(await service.uploadModel(callerOf(context), request));
    },
    async getModel({ name }, context) {
      return modelToMessage(await service.getModel(callerOf(context), { name }));
    },
    async listModels({ parent, pageSize, pageToken }, context) {
      const request = { parent, pageSize, pageToken };
      const { models, nextPageToken } = await service.listModels(callerOf(context), request);
      return { models: models.map(modelToMessage), nextPageToken };
    },
    async deleteModel({ name, force, allowMissing }, context) {
      await service.deleteModel(callerOf(context), { name, force, allowMissing });
      return {};
    },
    async predict({ name, rows, features, inputs }, context) {
      const request = { name, rows, features, inputs };
      const predictions = await service.predict(callerOf(context), request);
      return { predictions: predictions.map(jsonObject) };
    },
  };
}

function modelToMessage(model: Model): MessageInitShape<typeof ModelSchema> {
  return {
    name: modelResourceName(model),
    uid: model.uid,
    sha256: model.sha256,
    sizeBytes: BigInt(model.sizeBytes),
    inputs: model.inputs.map(tensorToMessage),
    outputs: model.outputs.map(tensorToMessage),
    createTime: timestamp(model.createdAt),
  };
}

function tensorToMessage({
  name,
  type,
  shape,
}: TensorInfo): MessageInitShape<typeof TensorInfoSchema> {
  return { name, type, shape: shape.map(BigInt) };
}
