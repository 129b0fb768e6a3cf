/** One server-sent event. */
export interface ServerEvent {
  name: string;
  data: string;
}

/** Reads server-sent events from a response, until it ends. By hand, since EventSource sends no headers. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let parts: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const text = decoder.decode(value, { stream: true });
    const ends = text.includes('\n\n') || (parts.at(-1)?.endsWith('\n') === true && text.startsWith('\n'));
    parts.push(text);
    if (!ends) continue;
    const events = parts.join('').split('\n\n');
    parts = [events.pop() ?? ''];
    for (const event of events) yield parse(event);
  }
}

function parse(event: string): ServerEvent {
  const result = { name: 'message', data: '' };
  for (const line of event.split('\n')) {
    if (line.startsWith('event: ')) result.name = line.slice(7);
    else if (line.startsWith('data: ')) result.data += line.slice(6);
  }
  return result;
}
