/**
 * What a Coordinator says in its log about the recovery secrets that it was given: by its own count so many remain, it
 * was given none, or it has lost the data that it counts with. It tells this nowhere else: its status is the same text
 * throughout (MarbleRun v1.9.1, coordinator/core/core.go GetState).
 */
export type Uploads = number | 'none' | 'uncountable';

/** v1.9.1: coordinator/clientapi/recovery.go, and coordinator/recovery/multi.go for the third. */
const processed = /Recover: recovery incomplete, more keys needed.*"remaining": ?(\d+)/;
const failed = /Recover failed.*"error": ?"(?!setting recovery key)/;
const dataLost = "Recovery data not available and provided secret couldn't decrypt";

/**
 * What the lines of a log add to what was known before. The last line decides, so that lines may be read twice. A
 * secret that is refused changes nothing; a failure after the last one makes all of them begin again.
 */
export function uploadsIn(log: string, before: Uploads): Uploads {
  let uploads = before;
  for (const line of log.split('\n')) {
    const remaining = processed.exec(line)?.[1];
    if (line.includes(dataLost)) uploads = 'uncountable';
    else if (failed.test(line)) uploads = 'none';
    else if (remaining !== undefined && uploads !== 'uncountable') uploads = Number(remaining);
  }
  return uploads;
}
