import assert from 'node:assert/strict';
import {
  clone,
  create,
  createFileRegistry,
  type DescFile,
  type DescMethod,
  type MessageInitShape,
  setExtension,
} from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, MethodOptionsSchema } from '@bufbuild/protobuf/wkt';
import { http } from '../../../gen/ts/google/api/annotations_pb.js';
import { HttpRuleSchema } from '../../../gen/ts/google/api/http_pb.js';
import { file_library_v1_library } from './gen/library/v1/library_pb.js';

/** A rule written out, with or without the parts that have defaults. */
export type Rule = Exclude<MessageInitShape<typeof HttpRuleSchema>, { $typeName: string }>;

/** A method of the library with a rule in place of its own. */
export function methodWith(name: string, rule: Rule): DescMethod {
  const proto = clone(FileDescriptorProtoSchema, file_library_v1_library.proto);
  const method = proto.service[0]?.method.find((each) => each.name === name);
  assert.ok(method);
  method.options = create(MethodOptionsSchema);
  setExtension(method.options, http, create(HttpRuleSchema, rule));
  const registry = createFileRegistry(proto, (path) => findFile(file_library_v1_library, path));
  const service = registry.getService('library.v1.LibraryService');
  const found = service?.methods.find((each) => each.name === name);
  assert.ok(found);
  return found;
}

function findFile(file: DescFile, path: string): DescFile | undefined {
  const name = path.replace(/\.proto$/, '');
  return file.name === name
    ? file
    : file.dependencies.map((each) => findFile(each, path)).find((each) => each !== undefined);
}
