// One line of the bench's table.
export interface Row {
  /** What was measured. */
  name: string;
  value: number;
  unit: string;
  /** Who it was compared with, in the same run. */
  peer?: string;
  /** Our value divided by the peer's. */
  ratio?: number;
}
