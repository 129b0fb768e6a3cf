/** Numbers in a typed array that grows. */
export class Numbers64 {
  private items = new Float64Array(1024);
  length = 0;

  get(index: number): number {
    return this.items[index] as number;
  }

  /** All of them, for loops over many; not to be kept. */
  get values(): Float64Array {
    return this.items.subarray(0, this.length);
  }

  push(value: number): void {
    if (this.length === this.items.length) {
      const grown = new Float64Array(2 * this.length);
      grown.set(this.items);
      this.items = grown;
    }
    this.items[this.length++] = value;
  }
}

/** What a function makes of each of some numbers. A loop: `Float32Array.from` takes ten times as long. */
export function mapped<T extends Float32Array | Uint8Array>(values: Float64Array, into: T, of: (value: number) => number): T {
  for (let i = 0; i < values.length; i++) into[i] = of(values[i] as number);
  return into;
}
