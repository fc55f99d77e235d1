import assert from 'node:assert/strict';
import { join } from 'node:path';
import { packageRoot } from '../../src/demo/package-root.js';
import { goTool } from '../support/go-tool.js';
import type { Check } from './check.js';
import { command } from './command.js';
import { pythonWithPlugins } from './plugins.js';
import type { World } from './world.js';

const GRPCURL = { command: 'github.com/fullstorydev/grpcurl/cmd/grpcurl', version: 'v1.9.4' };
const GHZ = { command: 'github.com/bojand/ghz/cmd/ghz', version: 'v0.93.0' };
const HEALTH_PROBE = {
  command: 'github.com/grpc-ecosystem/grpc-health-probe',
  version: 'v0.4.63',
};
const LIST = 'predictd.v1.TaskService/ListTasks';
const MINE = JSON.stringify({ parent: 'users/me' });
/** Enough to see that a load generator gets on with the service; how fast it is is measured elsewhere. */
const LOAD_CALLS = 500;
const quiet = () => undefined;

/** What people point at a gRPC service, each with what it needs to find out by itself. */
export const toolChecks: readonly Check[] = [
  {
    name: 'tool: grpcurl by reflection',
    needs: ['go'],
    async run(world) {
      const grpcurl = await goTool(GRPCURL, quiet);
      const address = new URL(world.service.url).host;
      const call = (...args: string[]) => command(grpcurl, ['-plaintext', ...args]);
      const services = (await call(address, 'list')).trim().split('\n');
      assert.ok(services.includes('predictd.v1.TaskService'), services.join(' '));
      const described = await call(address, 'describe', LIST.replace('/', '.'));
      assert.match(described, /option \( ?\.?google\.api\.http ?\)/);
      const tasks = await call('-H', bearer(world), '-d', MINE, address, LIST);
      assert.equal(typeof JSON.parse(tasks), 'object');
      const health = await call(address, 'grpc.health.v1.Health/Check');
      assert.equal(JSON.parse(health).status, 'SERVING');
      return `${services.length} services listed, a method described, called, healthy`;
    },
  },
  {
    name: 'tool: grpcurl shows error details',
    needs: ['go'],
    async run(world) {
      const grpcurl = await goTool(GRPCURL, quiet);
      const address = new URL(world.service.url).host;
      const task = JSON.stringify({ parent: 'users/me', taskId: 'bad', task: {} });
      const create = ['-d', task, address, 'predictd.v1.TaskService/CreateTask'];
      const refused = command(grpcurl, ['-plaintext', '-H', bearer(world), ...create]);
      await assert.rejects(refused, (error: Error) => {
        assert.match(error.message, /InvalidArgument/);
        assert.match(error.message, /google\.rpc\.ErrorInfo/);
        assert.match(error.message, /google\.rpc\.BadRequest/);
        return true;
      });
      return 'ErrorInfo and BadRequest printed';
    },
  },
  {
    name: 'tool: buf curl by reflection',
    needs: [],
    async run(world) {
      const buf = join(packageRoot(), 'node_modules', '.bin', 'buf');
      const protocols = ['grpc', 'grpcweb', 'connect'];
      for (const protocol of protocols) {
        const how = ['--protocol', protocol, '--http2-prior-knowledge', '--header', bearer(world)];
        const answer = await command(buf, ['curl', ...how, '-d', MINE, procedure(world)]);
        assert.equal(typeof JSON.parse(answer), 'object', protocol);
      }
      return protocols.join(', ');
    },
  },
  {
    name: 'tool: curl --http2-prior-knowledge',
    needs: ['curl'],
    async run(world) {
      const fail = ['--silent', '--show-error', '--fail-with-body', '--header', bearer(world)];
      const version = ['--output', '/dev/null', '--write-out', '%{http_version}'];
      const versions: string[] = [];
      for (const http of ['--http1.1', '--http2-prior-knowledge']) {
        const body = ['--json', MINE, procedure(world)];
        const rest = [`${world.service.url}/v1/users/me/tasks`];
        assert.equal(typeof JSON.parse(await command('curl', [...fail, http, ...body])), 'object');
        assert.equal(typeof JSON.parse(await command('curl', [...fail, http, ...rest])), 'object');
        versions.push(await command('curl', [...fail, ...version, http, ...rest]));
      }
      assert.deepEqual(versions, ['1.1', '2']);
      return 'Connect and REST over HTTP/1.1 and HTTP/2';
    },
  },
  {
    name: 'tool: grpcio-health-checking as a probe',
    needs: ['python3'],
    async run(world) {
      const python = await pythonWithPlugins(quiet);
      const probe = join(packageRoot(), 'test', 'sdk', 'python', 'health.py');
      const address = new URL(world.service.url).host;
      const answer = await command(python, [probe, address, 'predictd.v1.TaskService']);
      assert.equal(answer.trim(), 'SERVING');
      await assert.rejects(command(python, [probe, address, 'no.such.Service']), /NOT_FOUND/);
      return 'SERVING, and NOT_FOUND for a service that is not there';
    },
  },
  {
    name: 'tool: grpc-health-probe',
    needs: ['go'],
    async run(world) {
      const probe = await goTool(HEALTH_PROBE, quiet);
      const address = `-addr=${new URL(world.service.url).host}`;
      await command(probe, [address]);
      await command(probe, [address, '-service=predictd.v1.TaskService']);
      await assert.rejects(command(probe, [address, '-service=no.such.Service']), /NotFound/);
      return 'healthy, and NOT_FOUND for a service that is not there';
    },
  },
  {
    name: 'tool: h2load makes a small load',
    needs: ['h2load'],
    async run(world) {
      const how = ['-n', String(LOAD_CALLS), '-c', '4', '-m', '10', '-H', bearer(world)];
      const said = await command('h2load', [...how, `${world.service.url}/v1/users/me/tasks`]);
      assert.match(said, new RegExp(`status codes: ${LOAD_CALLS} 2xx, 0 3xx, 0 4xx, 0 5xx`));
      return `${LOAD_CALLS} calls, ${/([\d.]+) req\/s/.exec(said)?.[1]} a second`;
    },
  },
  {
    name: 'tool: ghz makes a small load',
    needs: ['go'],
    async run(world) {
      const ghz = await goTool(GHZ, quiet);
      const address = new URL(world.service.url).host;
      const metadata = JSON.stringify({ authorization: `Bearer ${world.token}` });
      const how = ['--insecure', '--total', String(LOAD_CALLS), '--concurrency', '10'];
      const what = ['--call', LIST.replace('/', '.'), '--metadata', metadata, '--data', MINE];
      const result = JSON.parse(await command(ghz, [...how, ...what, '--format', 'json', address]));
      assert.deepEqual(result.statusCodeDistribution, { OK: LOAD_CALLS });
      return `${LOAD_CALLS} calls, ${Math.round(result.rps)} a second`;
    },
  },
];

function bearer(world: World): string {
  return `authorization: Bearer ${world.token}`;
}

function procedure(world: World): string {
  return `${world.service.url}/${LIST}`;
}
