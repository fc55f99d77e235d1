import { toJsonString } from '@bufbuild/protobuf';
import { type Task, TaskSpecSchema } from '../../../gen/ts/predictd/v1/task_pb.js';
import { instant } from '../words.js';
import { CopyAs } from './copy-as.js';

/** How the task is defined. The service masks its secrets before it sends them. */
export function TaskDefinition({ task }: { readonly task: Task }) {
  const { spec } = task;
  return (
    <div class="definition">
      <section>
        <h2>Spec</h2>
        <p>
          <small>
            Generation {String(task.generation)}, created {instant(task.createTime)}, changed{' '}
            {instant(task.updateTime)}. Secrets read as <code>***</code>.
          </small>
        </p>
        <pre>
          {spec
            ? toJsonString(TaskSpecSchema, spec, { prettySpaces: 2, useProtoFieldName: true })
            : ''}
        </pre>
      </section>
      <CopyAs name={task.name} />
    </div>
  );
}
