// One line of the native bench's table.
export interface Figure {
  /** What was measured. */
  name: string;
  value: number;
  unit: string;
  /** The goal, in the same unit; none where it is told for its own sake. */
  atMost?: number;
}
