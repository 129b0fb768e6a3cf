import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEvents, type ServerEvent } from '../src/data/stream';

async function read(...pieces: (string | Uint8Array)[]): Promise<ServerEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

test('events are read one by one', async () => {
  assert.deepEqual(await read('event: change\ndata: {"a":1}\n\ndata: x\n\n'), [{ name: 'change', data: '{"a":1}' }, { name: 'message', data: 'x' }]);
});

test('an event may come in any pieces, also within a character', async () => {
  const bytes = new TextEncoder().encode('event: news\ndata: m3 → m4\n\n');
  for (let cut = 1; cut < bytes.length; cut++) {
    assert.deepEqual(await read(bytes.subarray(0, cut), bytes.subarray(cut)), [{ name: 'news', data: 'm3 → m4' }], `cut at ${cut}`);
  }
});

test('what is not whole at the end is no event', async () => {
  assert.deepEqual(await read('data: whole\n\ndata: half'), [{ name: 'message', data: 'whole' }]);
});
