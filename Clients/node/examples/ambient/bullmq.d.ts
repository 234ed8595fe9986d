/** As much of BullMQ as the example uses, for a type check where it is not installed. */
declare module "bullmq" {
  export interface Job<Data> {
    data: Data;
    /** Attempts that ended before this one. */
    attemptsMade: number;
  }
  export interface JobsOptions {
    jobId?: string;
    attempts?: number;
    backoff?: number | { type: string; delay?: number };
  }
  export class Queue<Data> {
    add(name: string, data: Data, options?: JobsOptions): Promise<Job<Data>>;
  }
  export class Worker<Data> {
    constructor(
      name: string,
      processor: (job: Job<Data>) => Promise<unknown>,
      options: { connection: { host: string; port: number }; concurrency?: number },
    );
    close(): Promise<void>;
  }
  export class UnrecoverableError extends Error {}
}
