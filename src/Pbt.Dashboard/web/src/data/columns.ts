/** Numbers in a typed array that grows. */
export class Numbers64 {
  private items = new Float64Array(1024);
  length = 0;

  get(index: number): number {
    return this.items[index] as number;
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
