'use strict';

const API = '/api/v1';
const REFRESH_MS = 2000;
const PAGE_SIZE = 100;
const byId = (id) => document.getElementById(id);

/** All text goes in as text: names and logs come from strangers. */
function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties || {});
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** The token that was typed in when the service asked for one; none where it does not. */
const TOKEN_KEY = 'bearer-token';

async function authorized(path) {
  const token = sessionStorage.getItem(TOKEN_KEY);
  const headers = { Accept: 'application/json', 'Joyoi-Wire-Format': 'current' };
  if (token) {
    headers.Authorization = 'Bearer ' + token;
  }
  const response = await fetch(path, { headers });
  if (token && response.status === 401) {
    sessionStorage.removeItem(TOKEN_KEY);
    location.reload();
  }
  return response;
}

async function fetchData(path) {
  const response = await authorized(API + path);
  const envelope = await response.json();
  if (!response.ok) {
    throw new Error(envelope.msg || 'status ' + response.status);
  }
  return envelope.data;
}

function duration(start, end) {
  const seconds = Math.max(0, (end ? Date.parse(end) : Date.now()) - Date.parse(start)) / 1000;
  if (seconds < 60) {
    return seconds.toFixed(1) + ' s';
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? minutes + ' min ' + Math.floor(seconds % 60) + ' s'
    : Math.floor(minutes / 60) + ' h ' + (minutes % 60) + ' min';
}

const localTime = (text) => (text ? new Date(text).toLocaleString() : '–');

function statusBadge(status) {
  const tone = { Running: 'busy', Succeeded: 'good', Failed: 'bad' }[status] || '';
  return element('span', { className: 'badge ' + tone, textContent: status });
}

function nodeState(node) {
  if (node.errorFlags) {
    return ['bad', node.restsUntil ? 'resting' : 'failing'];
  }
  if (node.leaving) {
    return ['busy', 'leaving'];
  }
  if (node.cordoned) {
    return ['busy', 'cordoned'];
  }
  return node.lastSeen ? ['good', 'up'] : ['busy', 'not seen yet'];
}

function nodeCard(node) {
  const [tone, word] = nodeState(node);
  return element('article', { className: 'card', title: node.runningJobDescriptions.join('\n') },
    element('h3', {}, node.name,
      element('span', { className: 'badge ' + tone, textContent: word })),
    element('p', { className: 'quiet', textContent: node.nodeInfo.address }),
    element('progress', {
      max: Math.max(1, node.maxRunningJobs),
      value: node.runningJobs,
      ariaLabel: 'running jobs of ' + node.name,
    }),
    element('p', { textContent: node.runningJobs + ' of ' + node.maxRunningJobs + ' jobs running' }),
    element('p', {
      className: 'quiet',
      textContent: 'image ' + node.nodeInfo.image
        + (node.engineVersion ? ' · engine ' + node.engineVersion : ''),
    }),
    node.errorFlags
      ? element('p', { className: 'bad', textContent: node.failures + '× ' + (node.lastError || '') })
      : null,
    node.restsUntil
      ? element('p', { className: 'quiet', textContent: 'gets a run on trial at ' + localTime(node.restsUntil) })
      : null);
}

function showWaiting(waiting) {
  const priorities = Object.keys(waiting).map(Number).sort((a, b) => a - b);
  byId('waiting').replaceChildren(...(priorities.length === 0
    ? [element('span', { className: 'quiet', textContent: 'Nothing waits for a node.' })]
    : priorities.map((priority) => element('span', {
      className: 'chip',
      textContent: 'priority ' + priority + ': ' + waiting[priority],
    }))));
}

function instanceRow(instance) {
  const ended = instance.startedActors.filter((run) => run.endTime).length;
  const row = element('tr', { tabIndex: 0 },
    element('td', {}, statusBadge(instance.status)),
    element('td', { textContent: instance.name }),
    element('td', { textContent: instance.stage }),
    element('td', { textContent: ended + ' of ' + instance.startedActors.length + ' ended' }),
    element('td', { textContent: localTime(instance.startTime) }),
    element('td', { className: 'right', textContent: duration(instance.startTime, instance.endTime) }),
    element('td', {}, element('code', { textContent: instance.id })));
  const open = () => {
    location.hash = instance.id;
  };
  row.addEventListener('click', open);
  row.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      open();
    }
  });
  return row;
}

function showInstances(instances) {
  byId('instances').replaceChildren(...instances.map(instanceRow));
  byId('instances-note').textContent = instances.length === 0
    ? 'No instance matches.'
    : instances.length < PAGE_SIZE ? '' : 'The newest ' + PAGE_SIZE + ' are shown.';
}

function definitionList(entries) {
  return element('dl', {}, ...entries.flatMap(([term, text]) => [
    element('dt', { textContent: term }), element('dd', { textContent: text }),
  ]));
}

function runTable(runs) {
  const head = ['Status', 'Actor', 'Stage', 'Tag', 'Node', 'Duration', 'Outputs'];
  return element('div', { className: 'scroll' }, element('table', {},
    element('thead', {}, element('tr', {}, ...head.map((text) => element('th', { textContent: text })))),
    element('tbody', {}, ...runs.map((run) => element('tr', {},
      element('td', {}, statusBadge(run.status)),
      element('td', { textContent: run.name }),
      element('td', { textContent: run.stage }),
      element('td', { textContent: run.tag === null ? '' : run.tag }),
      element('td', { textContent: run.usedNode || 'waiting' }),
      element('td', { className: 'right', textContent: duration(run.startTime, run.endTime) }),
      element('td', { textContent: run.outputs.map((blob) => blob.name).join(', ') }))))));
}

/** The instance that the address names after its #, so that a link to one can be sent around. */
async function showDetail() {
  const dialog = byId('detail');
  const id = location.hash.slice(1);
  if (!id) {
    dialog.close();
    return;
  }
  if (!dialog.open) {
    byId('detail-title').textContent = 'Instance ' + id;
    byId('detail-body').replaceChildren();
    dialog.showModal();
  }
  try {
    const instance = await fetchData('/StateMachineInstance/' + encodeURIComponent(id));
    const parameters = Object.entries(instance.parameters)
      .map(([key, value]) => key + ' = ' + value).join(', ');
    byId('detail-title').replaceChildren(instance.name + ' ', statusBadge(instance.status));
    byId('detail-body').replaceChildren(
      definitionList([
        ['Id', instance.id],
        ['Stage', instance.stage],
        ['Started', localTime(instance.startTime)],
        ['Ended', localTime(instance.endTime)],
        ['Duration', duration(instance.startTime, instance.endTime)],
        ['Service', instance.fromManagementService],
        ['Priority', String(instance.priority)],
        ['Run again', instance.reRunTimes + ' times'],
        ['Files', instance.initialBlobs.map((blob) => blob.name).join(', ') || '–'],
        ['Parameters', parameters || '–'],
      ]),
      ...(instance.exception ? [element('pre', { className: 'bad', textContent: instance.exception })] : []),
      runTable(instance.startedActors),
      ...instance.startedActors.flatMap((run) => run.exceptions.map((text) =>
        element('pre', { textContent: run.name + (run.tag ? ' (' + run.tag + ')' : '') + ': ' + text }))));
  } catch (failure) {
    byId('detail-body').replaceChildren(element('p', { className: 'bad', textContent: failure.message }));
  }
}

async function showHealth() {
  const response = await authorized('/health/ready');
  const health = byId('health');
  health.className = 'badge ' + (response.ok ? 'good' : 'bad');
  health.textContent = response.ok ? 'ready' : 'not ready';
}

function instanceQuery() {
  const query = new URLSearchParams({ limit: PAGE_SIZE });
  for (const [name, id] of [['name', 'filter-name'], ['status', 'filter-status']]) {
    if (byId(id).value) {
      query.set(name, byId(id).value);
    }
  }
  return '/StateMachineInstance/All?' + query;
}

async function refresh() {
  try {
    const [nodes, waiting, instances] = await Promise.all([
      fetchData('/DockerNode/All'),
      fetchData('/DockerNode/WaitingTasks'),
      fetchData(instanceQuery()),
      showHealth(),
      showDetail(),
    ]);
    byId('nodes').replaceChildren(...nodes.map(nodeCard));
    showWaiting(waiting);
    showInstances(instances);
    byId('updated').textContent = 'updated ' + new Date().toLocaleTimeString();
  } catch (failure) {
    const health = byId('health');
    health.className = 'badge bad';
    health.textContent = 'no answer: ' + failure.message;
  }
}

/** The next round begins when the last has ended, and none while nobody looks. */
async function refreshForever() {
  if (!document.hidden) {
    await refresh();
  }
  setTimeout(refreshForever, REFRESH_MS);
}

byId('filter').addEventListener('submit', (event) => event.preventDefault());
byId('filter').addEventListener('input', refresh);
byId('detail-close').addEventListener('click', () => byId('detail').close());
byId('detail').addEventListener('close', () => {
  if (location.hash) {
    history.replaceState(null, '', location.pathname);
  }
});
window.addEventListener('hashchange', showDetail);
document.addEventListener('visibilitychange', () => document.hidden || refresh());
refreshForever();
