/** How much room the disk of a folder has. */
import { statfs } from 'node:fs/promises';
import type { Disk } from '../../activities/ports/disk-port.ts';

/** @param folder one that is there */
export const createDisk = (folder: string): Disk => ({
  async freeBytes() {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
});
