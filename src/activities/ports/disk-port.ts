/** The disk that the home is on. */
export interface Disk {
  /** What a program of the engine's user can still write. */
  freeBytes(): Promise<number>;
}
