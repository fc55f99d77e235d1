import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import type { ErrorReport, Task } from '../../../gen/ts/opentox/v1/task_pb.js';
import type { History } from '../../../gen/ts/opentox/v1/task_service_pb.js';
import { type Graph, type Iri, iri, literal, type Property, parseIri } from './graph.js';
import { statusWord } from './messages.js';

/** Describes tasks: of each one `ot:Task`, named by its URI, and why it did not complete. */
export function describeTasks(tasks: readonly Task[]): Graph {
  return tasks.flatMap((task) => {
    const report = task.errorReport;
    const reportIri = iri(`${task.uri}#ErrorReport`);
    const properties = taskProperties(task);
    if (!report) return [{ subject: iri(task.uri), type: 'ot:Task', properties }];
    // One implementation looks for the first name, another for the second.
    properties.push(['ot:errorReport', reportIri], ['ot:error', reportIri]);
    return [
      { subject: iri(task.uri), type: 'ot:Task', properties },
      ...describeError(report, reportIri),
    ];
  });
}

/** Describes an error under every name that a client of OpenTox is known to look for. */
export function describeError(report: ErrorReport, subject?: Iri): Graph {
  const code = literal(String(report.statusCode), 'xsd:int');
  const message = literal(report.message, 'xsd:string');
  const details = literal(report.details, 'xsd:string');
  const actor = parseIri(report.actor);
  const properties: Property[] = [
    ['ot:statusCode', code],
    ['ot:httpStatus', code],
    ['ot:errorCode', code],
    ['ot:message', message],
    ['ot:details', details],
    ['ot:errorDetails', details],
  ];
  if (actor) properties.push(['ot:actor', literal(actor.iri, 'xsd:anyURI')]);
  if (report.cause) properties.push(['ot:errorCause', literal(report.cause, 'xsd:string')]);
  return [{ ...(subject ? { subject } : {}), type: 'ot:ErrorReport', properties }];
}

/** Describes what happened to a task as a sequence, since OpenTox has no words for it. */
export function describeHistory(history: History): Graph {
  const members = history.entries.map(
    ({ uri }, index): Property => [`rdf:_${index + 1}`, iri(uri)],
  );
  const entries = history.entries.map((entry) => {
    const status = statusWord(entry.status);
    const properties: Property[] = [
      ['dc:date', dateLiteral(entry.date)],
      ['dc:title', literal(entry.title, 'xsd:string')],
      ['dc:description', literal(entry.description, 'xsd:string')],
      ['dc:contributor', literal(entry.actor, 'xsd:string')],
      ['dc:type', literal(entry.severity, 'xsd:string')],
    ];
    if (status) properties.push(['ot:hasStatus', literal(status, 'xsd:string')]);
    return { subject: iri(entry.uri), type: 'rdf:Description', properties } as const;
  });
  const source: Property = ['dc:source', iri(history.task)];
  return [
    { subject: iri(history.uri), type: 'rdf:Seq', properties: [source, ...members] },
    ...entries,
  ];
}

function taskProperties(task: Task): Property[] {
  const properties: Property[] = [
    ['dc:date', dateLiteral(task.date)],
    ['dc:creator', literal(iri(task.creator).iri, 'xsd:anyURI')],
    ['dc:title', literal(task.title, 'xsd:string')],
    ['ot:hasStatus', literal(statusWord(task.status), 'xsd:string')],
    ['ot:percentageCompleted', literal(decimal(task.percentageCompleted), 'xsd:float')],
  ];
  if (task.description) {
    properties.push(['dc:description', literal(task.description, 'xsd:string')]);
  }
  for (const uri of task.resultUris) {
    properties.push(['ot:resultURI', literal(iri(uri).iri, 'xsd:anyURI')]);
  }
  return properties;
}

/** Milliseconds, as the document's examples have it, though xsd:dateTime has no such form. */
function dateLiteral(date: Timestamp | undefined) {
  return literal(String(date ? timestampMs(date) : 0), 'xsd:dateTime');
}

/** With a decimal point in any case, which some clients cut the text at. */
function decimal(percent: number): string {
  const rounded = Math.round(percent * 100) / 100;
  return Number.isInteger(rounded) ? `${rounded}.0` : String(rounded);
}
