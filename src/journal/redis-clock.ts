// Redis' clock, as near as its replies tell. The masters of a Cluster have one each: they are taken for one, and
// must agree within a fraction of what a lease keeps back.

export class RedisClock {
  /** Redis' clock less our monotonic one. */
  private offset = Date.now() - performance.now();

  /** Epoch ms. */
  now(): number {
    return Math.floor(performance.now() + this.offset);
  }

  /**
   * Redis read its clock between `sent` and now, and cut off less than a millisecond: the offset cannot lie
   * outside.
   */
  heard(time: number, sent: number): void {
    this.offset = Math.min(Math.max(this.offset, time - performance.now()), time + 1 - sent);
  }
}
