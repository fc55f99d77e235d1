import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  create,
  createRegistry,
  fromJson,
  type JsonObject,
  type JsonValue,
  type Message,
  toJson,
} from '@bufbuild/protobuf';
import { ConnectError } from '@connectrpc/connect';
import fc from 'fast-check';
import { BadRequestSchema } from '../../../gen/ts/google/rpc/error_details_pb.js';
import { type BindOptions, bindRequest } from '../../../src/transport/rest/bind-request.js';
import { httpStatusOf } from '../../../src/transport/rest/errors.js';
import type { DecodedBody } from '../../../src/transport/rest/representation.js';
import { bindingsOf } from '../../../src/transport/rest/routing/http-rule.js';
import { scanQuery } from '../../../src/transport/rest/routing/path-scanner.js';
import { BookSchema, EchoRequestSchema, LibraryService } from './gen/library/v1/library_pb.js';

const strict: BindOptions = {
  registry: createRegistry(),
  ignoreUnknownQuery: false,
  ignoreUnknownFields: false,
  ownQuery: new Set(['media']),
};

type Method = keyof typeof LibraryService.method;

interface Request {
  readonly path?: string;
  readonly query?: string;
  readonly body?: DecodedBody;
  readonly options?: BindOptions;
  readonly index?: number;
}

function bind(method: Method, request: Request): Message {
  const binding = bindingsOf(LibraryService.method[method])[request.index ?? 0];
  assert.ok(binding);
  const segments = (request.path ?? '').split('/').slice(1);
  const query = scanQuery(request.query, 1_000);
  const body = request.body ?? { type: 'empty' };
  return bindRequest(binding, { segments, query, body }, request.options ?? strict);
}

function echo(query: string, options = strict): JsonValue {
  const message = bind('echo', { query, options });
  return toJson(EchoRequestSchema, message as ReturnType<typeof create<typeof EchoRequestSchema>>);
}

function json(value: JsonValue): DecodedBody {
  return { type: 'json', value };
}

/** The field violations with which something is refused. */
function violations(run: () => unknown): string[] {
  try {
    run();
  } catch (reason) {
    assert.ok(reason instanceof ConnectError);
    assert.equal(httpStatusOf(reason), 400);
    return reason
      .findDetails(BadRequestSchema)
      .flatMap(({ fieldViolations }) => fieldViolations)
      .map(({ field, description }) => `${field}: ${description}`);
  }
  assert.fail('was not refused');
}

describe('binding a query', () => {
  const cases: readonly [query: string, message: JsonObject][] = [
    ['', {}],
    ['text=a+b%2Bc', { text: 'a b+c' }],
    ['text=', {}],
    ['maybe=0', { maybe: 0 }],
    ['small=-7&real=1e3', { small: -7, real: 1000 }],
    ['real=NaN', { real: 'NaN' }],
    ['large=9223372036854775807', { large: '9223372036854775807' }],
    ['flag=true', { flag: true }],
    ['flag=false', {}],
    ['raw=%2B/8%3D', { raw: '+/8=' }],
    ['raw=-_8', { raw: '+/8=' }],
    ['raw=+/8', { raw: '+/8=' }],
    ['genre=GENRE_POEM', { genre: 'GENRE_POEM' }],
    ['genre=2', { genre: 'GENRE_POEM' }],
    ['genre=99', { genre: 99 }],
    ['words=b&words=a&words=b', { words: ['b', 'a', 'b'] }],
    ['numbers=1&numbers=2', { numbers: [1, 2] }],
    ['genres=1&genres=GENRE_POEM', { genres: ['GENRE_NOVEL', 'GENRE_POEM'] }],
    ['inner.label=x&inner.level=2', { inner: { label: 'x', level: 2 } }],
    ['inner.inner.inner.label=x', { inner: { inner: { inner: { label: 'x' } } } }],
    ['time=2026-11-23T01:02:03.5Z', { time: '2026-11-23T01:02:03.500Z' }],
    ['span=1.5s', { span: '1.500s' }],
    ['mask=book.title,pageCount', { mask: 'book.title,pageCount' }],
    ['mask=book.page_count', { mask: 'book.pageCount' }],
    ['boxed_long=-5', { boxedLong: '-5' }],
    ['boxedLong=-5', { boxedLong: '-5' }],
    ['boxed_bool=false', { boxedBool: false }],
    ['boxed_text=', { boxedText: '' }],
    ['boxed_raw=-_8', { boxedRaw: '+/8=' }],
    ['by_number=3', { byNumber: 3 }],
    ['by_inner.label=x', { byInner: { label: 'x' } }],
    ['media=text/html&text=a', { text: 'a' }],
  ];
  for (const [query, message] of cases) {
    test(`"${query}" makes ${JSON.stringify(message)}`, () => {
      assert.deepEqual(echo(query), message);
    });
  }

  const refused: readonly [query: string, ...violations: string[]][] = [
    ['bogus=1', 'bogus: has no such field'],
    ['bogus=1&text=a&worse=2', 'bogus: has no such field', 'worse: has no such field'],
    ['Text=1', 'Text: has no such field'],
    ['__proto__=1', '__proto__: has no such field'],
    ['constructor.prototype=1', 'constructor.prototype: has no such field'],
    ['=1', ': has no such field'],
    ['inner.=1', 'inner.: has no such field'],
    ['text.x=1', 'text.x: has no such field'],
    ['text=a&text=b', 'text: is given more than once'],
    ['boxed_long=1&boxedLong=2', 'boxedLong: is given more than once'],
    ['inner=x', 'inner: is a message: name one of its fields'],
    ['inners.label=x', 'inners.label: has no such field'],
    ['inners=x', 'inners: is a map or repeated message field'],
    ['labels=x', 'labels: is a map or repeated message field'],
    ['labels[a]=x', 'labels[a]: has no such field'],
    ['extra=x', 'extra: is a message: name one of its fields'],
    ['any=x', 'any: is a message: name one of its fields'],
    ['time.seconds=1', 'time.seconds: has no such field'],
    ['mask.paths=a', 'mask.paths: has no such field'],
    ['boxed_long.value=1', 'boxed_long.value: has no such field'],
    ['flag=1', 'flag: expected true or false'],
    ['flag=', 'flag: expected true or false'],
    ['flag=TRUE', 'flag: expected true or false'],
    ['small=x', 'small: expected int32, got "x"'],
    ['small=1.5', 'small: expected int32, got 1.5'],
    ['genre=NONE', 'genre: "NONE" is no value of library.v1.Genre: use GENRE_NOVEL, GENRE_POEM'],
    ['time=yesterday', 'time: is no google.protobuf.Timestamp'],
    ['span=1.5', 'span: is no google.protobuf.Duration'],
    ['boxed_long=x', 'boxed_long: is no google.protobuf.Int64Value'],
    ['large=iris', 'large: expected int64, got "iris"'],
    ['large=9223372036854775808', 'large: expected int64, got "9223372036854775808"'],
    ['small=', 'small: expected int32, got ""'],
    ['boxed_bool=1', 'boxed_bool: expected true or false'],
  ];
  for (const [query, ...expected] of refused) {
    test(`"${query}" is refused: ${expected.join(', ')}`, () => {
      assert.deepEqual(
        violations(() => echo(query)),
        expected,
      );
    });
  }

  const blamed = [
    'large=9223372036854775808',
    'raw=*',
    'genre=NONE',
    'numbers=a',
    'small=2147483648',
  ];
  for (const query of blamed) {
    test(`"${query}" is refused with the parameter's name`, () => {
      const [name = ''] = query.split('=');
      const [violation = ''] = violations(() => echo(query));
      assert.ok(violation.startsWith(`${name}: `), violation);
    });
  }

  test('refuses two members of one oneof', () => {
    const [violation = ''] = violations(() => echo('by_name=a&by_number=1'));
    assert.match(violation, /^by_name: .*by_name and by_number/);
  });

  test('refuses nesting beyond all measure', () => {
    assert.throws(() => echo(`${'inner.'.repeat(200)}label=x`), ConnectError);
  });

  test('passes over unknown names if told so, but not over wrong ones', () => {
    const lenient = { ...strict, ignoreUnknownQuery: true };
    assert.deepEqual(echo('bogus=1&text=a', lenient), { text: 'a' });
    assert.throws(() => echo('small=x', lenient), ConnectError);
  });

  test('reads back any message that was written as a query', () => {
    const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    const messages = fc.record(
      {
        text,
        small: int32,
        large: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
        // A zero's sign is lost where a number is made a text.
        real: fc.double({ noDefaultInfinity: true, noNaN: true }).map((real) => real + 0),
        flag: fc.constant(true),
        raw: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('base64')),
        genre: fc.constantFrom('GENRE_NOVEL', 'GENRE_POEM'),
        words: fc.array(text, { minLength: 1, maxLength: 5 }),
        numbers: fc.array(int32, { minLength: 1, maxLength: 5 }),
        inner: fc.record({ label: text }),
        boxedText: fc.string(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(messages, (message) => {
        const query = new URLSearchParams();
        for (const [name, value] of Object.entries(message)) {
          for (const each of Array.isArray(value) ? value : [value]) {
            const isInner = typeof each === 'object';
            query.append(isInner ? `${name}.label` : name, String(isInner ? each.label : each));
          }
        }
        const written = fromJson(EchoRequestSchema, message);
        assert.deepEqual(echo(query.toString()), toJson(EchoRequestSchema, written));
      }),
    );
  });

  test('never throws anything but a 400', () => {
    const names = fc.constantFrom(
      'text',
      'small',
      'inner.level',
      'words',
      'genre',
      'time',
      'x',
      '__proto__',
    );
    const pairs = fc.array(fc.tuple(names, fc.string()), { maxLength: 6 });
    fc.assert(
      fc.property(pairs, (parameters) => {
        try {
          echo(new URLSearchParams(parameters).toString());
        } catch (reason) {
          assert.ok(reason instanceof ConnectError);
          assert.equal(httpStatusOf(reason), 400);
        }
      }),
    );
  });
});

describe('binding a path', () => {
  test('fills fields from single and from longer captures', () => {
    assert.deepEqual(bind('getBook', { path: '/v1/shelves/a%20b/books/c%2Fd' }), {
      $typeName: 'library.v1.GetBookRequest',
      name: 'shelves/a b/books/c%2Fd',
    });
    assert.throws(() => bind('getBook', { path: '/v1/books/c%2Fd', index: 1 }), ConnectError);
  });

  test('fills nested fields over what the body says', () => {
    const message = bind('updateBook', {
      path: '/v1/shelves/1/books/2',
      query: 'update_mask=title',
      body: json({ name: 'shelves/9/books/9', title: 'Emma' }),
    });
    assert.deepEqual(
      'book' in message && message.book,
      create(BookSchema, { name: 'shelves/1/books/2', title: 'Emma' }),
    );
  });

  test('cannot be changed by a query', () => {
    const path = '/v1/shelves/1/books/2';
    assert.deepEqual(
      violations(() => bind('getBook', { path, query: 'name=x' })),
      ['name: is given more than once'],
    );
  });
});

describe('binding a body', () => {
  test('as the whole message leaves nothing to the query', () => {
    const body = json({ text: 'a' });
    assert.deepEqual(
      violations(() => bind('echo', { index: 1, query: 'small=1', body })),
      ['small: is taken from the body'],
    );
  });

  test('as the whole message gives way to the path', () => {
    const message = bind('echo', {
      index: 2,
      path: '/v1/echo/path',
      body: json({ text: 'body', small: 2 }),
    });
    assert.equal('text' in message && message.text, 'path');
    assert.equal('small' in message && message.small, 2);
  });

  test('as one field leaves the others to path and query', () => {
    const message = bind('createBook', {
      path: '/v1/shelves/1/books',
      query: 'bookId=2',
      body: json({ title: 'Emma' }),
    });
    assert.deepEqual(message, {
      $typeName: 'library.v1.CreateBookRequest',
      parent: 'shelves/1',
      bookId: '2',
      book: create(BookSchema, { title: 'Emma' }),
    });
  });

  test('as one field cannot be changed by the query', () => {
    const request = { path: '/v1/shelves/1/books', query: 'book.title=x' };
    assert.deepEqual(
      violations(() => bind('createBook', { ...request, body: json({}) })),
      ['book.title: is taken from the body'],
    );
  });

  test('may be missing', () => {
    const message = bind('createBook', { path: '/v1/shelves/1/books' });
    assert.equal('book' in message, false);
    assert.equal('text' in bind('echo', { index: 1 }), true);
  });

  test('refuses members that are no fields, unless told to pass over them', () => {
    const body = json({ bogus: 1 });
    assert.deepEqual(
      violations(() => bind('echo', { index: 1, body })),
      ['bogus: has no such field'],
    );
    bind('echo', { index: 1, body, options: { ...strict, ignoreUnknownFields: true } });
  });

  test('refuses what is no object, names the field at fault, and quotes no more than it must', () => {
    for (const value of [null, 1, 'x', [], true]) {
      assert.throws(() => bind('echo', { index: 1, body: json(value) }), ConnectError);
    }
    const long = { small: 'x'.repeat(100_000) };
    const [violation = ''] = violations(() => bind('echo', { index: 1, body: json(long) }));
    assert.match(violation, /^small: /);
    assert.ok(violation.length < 400);
  });

  const misfits: readonly [body: JsonObject, ...violations: string[]][] = [
    [
      { genre: 'novel' },
      'genre: "novel" is no value of library.v1.Genre: use GENRE_NOVEL, GENRE_POEM',
    ],
    [
      { genres: ['GENRE_NOVEL', 'x'] },
      'genres[1]: "x" is no value of library.v1.Genre: use GENRE_NOVEL, GENRE_POEM',
    ],
    [{ inner: { inner: { levle: 1 } } }, 'inner.inner.levle: has no such field'],
    [{ inner: { inner: { level: 'x' } } }, 'inner.inner.level: expected int32, got "x"'],
    [{ inners: [{}, { label: 5 }] }, 'inners[1].label: expected string, got 5'],
    [{ inners: {} }, 'inners: expected Array, got object'],
    [{ labels: { a: 5 } }, 'labels: map entry "a": expected string, got 5'],
    [{ inner: 'x' }, 'inner: is no library.v1.EchoRequest.Inner: "x"'],
    [{ time: 'yesterday' }, 'time: is no google.protobuf.Timestamp: "yesterday"'],
    [{ boxedLong: 1.5 }, 'boxedLong: is no google.protobuf.Int64Value: 1.5'],
    [{ by_name: 'a', byNumber: 1 }, ': oneof set multiple times by by_name and by_number'],
  ];
  for (const [body, expected = ''] of misfits) {
    test(`names the field at fault of ${JSON.stringify(body)}`, () => {
      assert.throws(
        () => bind('echo', { index: 1, body: json(body) }),
        (error) => `${error}`.includes(expected) || assert.equal(`${error}`, expected),
      );
    });
  }

  test('names the field at fault below that of the rule', () => {
    const request = { path: '/v1/shelves/1/books', body: json({ title: 1 }) };
    assert.deepEqual(
      violations(() => bind('createBook', request)),
      ['book.title: expected string, got 1'],
    );
  });

  test('does not let "__proto__" reach any prototype', () => {
    const body = json(JSON.parse('{"__proto__": {"polluted": true}, "text": "a"}'));
    assert.throws(() => bind('echo', { index: 1, body }), /__proto__/);
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  test('takes messages that a representation has made', () => {
    const book = create(BookSchema, { name: 'shelves/9/books/9', title: 'Emma' });
    const message = bind('updateBook', {
      path: '/v1/shelves/1/books/2',
      body: { type: 'message', message: book },
    });
    assert.deepEqual(
      'book' in message && message.book,
      create(BookSchema, { name: 'shelves/1/books/2', title: 'Emma' }),
    );
  });
});
