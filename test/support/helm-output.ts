/** Helm 4 prints the log of a hook as one quoted line of its own log; Helm 3 prints it as it is. */
export function unfolded(output: string): string {
  return output.replace(/^level=INFO msg=("(?:[^"\\]|\\.)*")$/gm, (line, message: string) => {
    try {
      return JSON.parse(message) as string;
    } catch {
      return line;
    }
  });
}
