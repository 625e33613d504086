/** A line of a log says enough in so many characters. */
const longest = 300;

/** What MarbleRun's premain says when the Coordinator refuses the activation (v1.9.1: marble/premain/premain.go, gRPC codes). */
const refusal =
  /code = (FailedPrecondition|PermissionDenied|Unauthenticated|InvalidArgument|ResourceExhausted)/;

/** What the kubelet answers in place of a log that is gone (pkg/kubelet/kuberuntime: GetContainerLogs). */
const noLog = 'unable to retrieve container logs for ';

/** How a program of Go begins the account of its end; what follows is a stack. */
const panic = /^(panic|fatal error): /;

/** The last thing a container said before it ended, and whether it is the Coordinator that sent it away. */
export function lastWords(log: string): string | undefined {
  const lines = log.split('\n').filter((line) => line.trim() !== '' && !line.startsWith(noLog));
  const refused = lines.findLast((line) => refusal.test(line));
  const line = refused ?? lines.findLast((each) => panic.test(each)) ?? lines.at(-1);
  if (line === undefined) return undefined;
  const text = line.trim().slice(0, longest);
  return refused === undefined
    ? `its last log line: ${text}`
    : `the Coordinator refused its activation: ${text}`;
}
