/** How far a workload's roll is. `failed` means that waiting is no use. */
export interface RolloutStatus {
  done: boolean;
  failed: boolean;
  /** One line with counts, for people. */
  message: string;
  /**
   * Whether its controller has called the roll complete before, with nothing but new pods: what is not available now went
   * away since, and has nothing to do with the roll.
   */
  completed?: boolean;
  /** Whether its controller has still to see the change, so that it has made no new pods. */
  unseen?: boolean;
}

export function done(message: string): RolloutStatus {
  return { done: true, failed: false, message };
}

export function waiting(message: string): RolloutStatus {
  return { done: false, failed: false, message };
}

export function failed(message: string): RolloutStatus {
  return { done: false, failed: true, message };
}

/** The same of a workload whose controller has called the roll complete before, or has not. */
export function after(completed: boolean, status: RolloutStatus): RolloutStatus {
  return completed && !status.done ? { ...status, completed } : status;
}

/** Whether the controller has still to see the change that made this generation. */
export function isUnseen(generation: number | undefined, observed: number | undefined): boolean {
  return (observed ?? 0) < (generation ?? 0);
}

/** What a status says until the controller has seen the change: its counts are of the time before. */
export function unseen(kind: string): RolloutStatus {
  return { ...waiting(`waiting for the ${kind} controller to see the change`), unseen: true };
}
