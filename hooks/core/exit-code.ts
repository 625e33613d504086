/**
 * 0 fine or warnings, 1 a person must act, 2 wrong usage, 3 could not find out, 143 stopped by a signal (POSIX: 128 and
 * the number of SIGTERM), which makes a Job start its pod again.
 */
export const ExitCode = { Fine: 0, Blocked: 1, Usage: 2, Unknown: 3, Stopped: 143 } as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
