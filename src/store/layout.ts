/** Names in a data directory. */
export const databaseName = 'predictd.db';
export const keyName = 'key';
export const modelsName = 'models';

/** The file of a model in `modelsName`, by the SHA-256 of its bytes. */
export const modelFilePattern = /^([0-9a-f]{64})\.onnx$/;
