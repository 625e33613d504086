/** What a command that a person waits for is at. */
export interface Progress {
  /** Names what is done from now on; it is shown once that has taken a second. */
  step: (line: string) => void;
  /** Says something that stays, such as that an answer is waited for again. */
  note: (line: string) => void;
  /** Nothing goes on any more; a line of progress on a terminal goes away. */
  end: () => void;
}

/** A person does not wonder before that. */
const second = 1000;

/** Back to the start of the line, and the rest of it away (ECMA-48: EL). */
const clear = '\r\u001b[K';

/** On a terminal one line with the seconds gone by, which goes away; elsewhere a line for each step that takes long. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  const { isTTY } = stream;
  let ticking: NodeJS.Timeout | undefined;
  let drawn = false;
  const wipe = (): void => {
    if (drawn) stream.write(clear);
    drawn = false;
  };
  const end = (): void => {
    clearInterval(ticking);
    wipe();
  };
  const tick = (line: string, seconds: number): void => {
    if (!isTTY) {
      if (seconds === 1) stream.write(`${line}\n`);
      return;
    }
    stream.write(clear + `${line} ... ${seconds} s`.slice(0, stream.columns - 1));
    drawn = true;
  };
  return {
    step: (line) => {
      end();
      let seconds = 0;
      ticking = setInterval(() => {
        tick(line, ++seconds);
      }, second).unref();
    },
    note: (line) => {
      wipe();
      stream.write(`${line}\n`);
    },
    end,
  };
}
