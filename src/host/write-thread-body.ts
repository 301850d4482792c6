/**
 * What the thread that writes files does. It runs from the text of this function, so that it needs no file of its own:
 * it works the same in a bundle and in a single executable. Nothing outside of the function is there when it runs.
 */

/** A file that replaces the one at `path`, by way of `temporary` beside it. */
export interface FileToWrite {
  readonly path: string;
  readonly temporary: string;
  readonly data: string | Uint8Array;
  /** Permission bits. */
  readonly mode: number;
}

/** What is told of a system call that failed; errors themselves lose their codes between threads. */
export interface WriteFailure {
  readonly message: string;
  readonly code?: string;
  readonly errno?: number;
}

/** What came of each file of a batch: null when it is on the disk. */
export type Outcomes = readonly (WriteFailure | null)[];

/**
 * Writes the batches that come, each file of one apart from the others: one that fails fails alone.
 * The first message that goes out, an empty list, says that the thread is there.
 */
export function writeThreadBody(load: NodeJS.Require): void {
  const fs = load("node:fs") as typeof import("node:fs");
  const { dirname } = load("node:path") as typeof import("node:path");
  const { parentPort } = load("node:worker_threads") as typeof import("node:worker_threads");

  interface Job {
    readonly file: FileToWrite;
    descriptor: number | null;
    error: unknown;
  }

  /** At once: half a file on a full disk is the room of the next one. */
  const fail = (job: Job, error: unknown): void => {
    job.error = error;
    try {
      close(job);
      fs.rmSync(job.file.temporary, { force: true });
    } catch {
      // The error that counts is the first one.
    }
  };

  /** Does the next step of all files that nothing has happened to yet. */
  const step = (jobs: readonly Job[], action: (job: Job) => void): void => {
    for (const job of jobs) {
      if (job.error !== undefined) continue;
      try {
        action(job);
      } catch (error) {
        fail(job, error);
      }
    }
  };

  // Side by side, so that they share one transaction of the file system, which takes longer than anything else here.
  const sync = (job: Job): Promise<void> =>
    new Promise((resolve) => {
      if (job.error !== undefined || job.descriptor === null) return resolve();
      fs.fsync(job.descriptor, (error) => {
        if (error) fail(job, error);
        resolve();
      });
    });

  const close = (job: Job): void => {
    const { descriptor } = job;
    job.descriptor = null;
    if (descriptor !== null) fs.closeSync(descriptor);
  };

  const syncFolder = (folder: string): void => {
    const descriptor = fs.openSync(folder, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
    try {
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  };

  const syncFolders = (jobs: readonly Job[]): void => {
    const done = new Map<string, unknown>();
    step(jobs, ({ file }) => {
      const folder = dirname(file.path);
      if (!done.has(folder)) {
        try {
          syncFolder(folder);
          done.set(folder, undefined);
        } catch (error) {
          done.set(folder, error);
        }
      }
      const error = done.get(folder);
      if (error !== undefined) throw error;
    });
  };

  const outcome = ({ error }: Job): WriteFailure | null => {
    if (error === undefined) return null;
    const { message, code, errno } = error as NodeJS.ErrnoException;
    return { message, ...(code !== undefined && { code }), ...(errno !== undefined && { errno }) };
  };

  const write = async (files: readonly FileToWrite[]): Promise<Outcomes> => {
    const jobs = files.map((file): Job => ({ file, descriptor: null, error: undefined }));
    step(jobs, (job) => {
      job.descriptor = fs.openSync(job.file.temporary, "wx", job.file.mode);
      fs.writeFileSync(job.descriptor, job.file.data);
    });
    await Promise.all(jobs.map(sync));
    step(jobs, close);
    // Only what is on the disk takes the place of what was there.
    step(jobs, ({ file }) => fs.renameSync(file.temporary, file.path));
    syncFolders(jobs);
    return jobs.map(outcome);
  };

  parentPort?.on("message", (files: readonly FileToWrite[]) => {
    void write(files).then((outcomes) => parentPort.postMessage(outcomes));
  });
  parentPort?.postMessage([]);
}
