/** The date of all vectors. */
export const vectorDate = '2026-01-15 12:00:00;123456789';

/** The TaskInfo of the vectors. */
export const taskInfoText = JSON.stringify({
  type: 'kafka',
  name: 'iris-stream',
  params: {
    'sml.kstream.source.topic': 'sml-ks-test',
    'sml.kstream.sink.topic': 'sml-ks-pres-test',
    'sml.kstream.app.id': 'smlks-app-v1',
    'sml.kstream.client.id': 'smlks-client-v1',
    'sml.kstream.rest': 'true',
    'sml.kstream.project.id': 'p1',
    'sml.kstream.model.id': 'm1',
    'sml.kstream.rest.user': 'c1',
    'sml.kstream.rest.secret': 'AAECAwQFBgcICQoLDA0ODw==',
    'sml.kstream.rest.host': 'http://localhost:8080',
    'sml.kstream.record.poll.max': '500',
    'sml.kstream.schedule.ms': '5000',
    'bootstrap.servers': 'localhost:9092',
    'schema.registry.url': 'http://localhost:8081',
    'enable.auto.commit': 'false',
    'sml.task.heap.min': '1024m',
    'sml.task.heap.max': '2048m',
  },
});

/** The TaskInfo, encrypted. */
export const taskInfoBody =
  'n5eII5HNGr+FGFPI60fkc/rEEhS+MNx9MCy0S15vf36gt/bt3LNY1Laj/oBbWtzKR9u3/QcQm/n0RCLi8Ppe2ciFZa' +
  'NvUnLzr+RbEpfX7kPNckyrvj4xPZisWxsvCl+xvJEEfErczC8o9pXmBjWypCLA5NHsLhiWDmNpPl6+yVtwqLPpBVjQ' +
  'EJhfl8S03OE85nrudvMYsB87mbrCPuVPBXc2GaC55qDXUeDlnaXNlyTYE/pEIzgRezq/f5zXc82ANwLI8R1uvGMnaS' +
  'BIAM8+jPKlMfB6Re8z7fz04uYcTDipTYC7KGvxcOStsPJdZW0WMQMZ9Sas2ghRQGXOmew7mVK4wW5lgeIwD710GQKa' +
  'pn6AZcTvjbeX600yCAH+DJSRCPvN+LBWlNrTkznFtxhFvkORVObDUORyHW9+1M20p59KM6TsVYFWBygNBDMNqth6hx' +
  'gPt5vQuCVXFXytEIPRLOXpLXXoUu5CBZoW6k2PRWDALBWMMoDpSECpAdnJ/UtjV5r9tuUqmueLatumqAwdTmCxxDhy' +
  '8n98A+LEbB+JNt3UOPOUTk7MqkOey3vZ+5rSbJwxnE6WuwHfi+0Yjs4pbI/EtDkUpJyWHwyUlZSV3beBNwxbmvl7Bq' +
  'Z8S9xbYq2nXYs14rnGxsqS8xUFnO2jFXDBbs2s6EIHvT1IyTYKIjZ0Q+gWZ4Bd18o3Vm3H7aE2p0Rv38e7qFEZnxpM' +
  'nwpLTHE/Z9FOogYH76b1MxWXhS43Y16ay4tlOJJcUlazj3IXSTPqHqbHV+6OpyT8et7cSWrY5rd++iWZ+/OlQifSd0' +
  'N4/N8G2stCkUtR9m89HeGbbEolL0VCYvv8cXA7SZzKk1GEQMwkIWsIBD/7U5gsDR1SyNukD5udJUgVdmtgLW8v';

/** Requests whose signatures were computed by Node, by Python and by openssl. */
export const vectors = [
  {
    verb: 'POST',
    path: '/symetry/rest/c1/tasks/create',
    query: '',
    body: taskInfoBody,
    authorization: 'mm09KH2hZ/oYEElG+GkhMc5ReS6nozuhxIUcFX7GJlc=',
  },
  {
    verb: 'POST',
    path: '/symetry/rest/c1/tasks/create',
    query: 'force=true',
    body: taskInfoBody,
    authorization: 'xsW5ZXfmjFo2c5Hn40MEqZz3c10mTHFiFSmXH9/Fuy4=',
  },
  {
    verb: 'GET',
    path: '/symetry/rest/c1/tasks/iris-stream/start',
    query: '',
    body: '',
    authorization: 'CXF0dE12C0dzkPoDcw/+RjeApPTzKF83chuOmVVEVPE=',
  },
  {
    verb: 'GET',
    path: '/symetry/rest/c1/tasks/iris-stream/stop',
    query: '',
    body: '',
    authorization: 'jz6YbmnR3yo1nPfBp3iDaywkmYVlt3U+LWi4TfmF5GU=',
  },
  {
    verb: 'GET',
    path: '/symetry/rest/c1/tasks',
    query: '',
    body: '',
    authorization: '8Ymzsn2cn4BKP1jK85DavkiLLgjorXxxyX7og292x4Y=',
  },
  {
    verb: 'GET',
    path: '/symetry/rest/c1/tasks/iris-stream',
    query: '',
    body: '',
    authorization: '2pYWl09cIVHsNYojm6ZZIn4f51O5V6S75LDyolFSnV0=',
  },
  {
    verb: 'DELETE',
    path: '/symetry/rest/c1/tasks/iris-stream',
    query: '',
    body: '',
    authorization: 'JvQdpk2FAkSjwN+4lxT5M0TDhPUlwKAjo+sOg141Qms=',
  },
] as const;
