// How long it takes from the arrival of what is new until it is drawn: for eng/bench, and for whoever looks with the browser's tools.

/** Something new has arrived. */
export function arrived(): void {
  performance.clearMarks('arrived');
  performance.mark('arrived');
}

/** What arrived last is drawn: measured once the frame that it is in is done. */
export function shown(): void {
  if (performance.getEntriesByName('arrived').length === 0) return;
  const frame = new MessageChannel();
  frame.port1.onmessage = () => {
    if (performance.getEntriesByName('arrived').length === 0) return;
    performance.measure('shown', 'arrived');
    performance.clearMarks('arrived');
    if (performance.getEntriesByName('shown').length > mostKept) performance.clearMeasures('shown');
  };
  frame.port2.postMessage(null);
}

const mostKept = 100;
