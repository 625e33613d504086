import { hasColours } from './paint.ts';

/** Where a command shows what a person looks at. */
export interface Screen {
  /** The columns that a line may take; infinite where it is no terminal. */
  width(): number;
  readonly colour: boolean;
  /** Whether what is shown is drawn anew in one place. */
  readonly live: boolean;
  /** Shows a text: in the place of the one before where the screen is live, else after it. */
  show: (text: string) => void;
  /** Says something beside it. */
  note: (line: string) => void;
  /** Leaves the terminal as it was, with the last text that was shown. */
  end(): void;
}

/** The terminal's other screen, without its cursor; back to the first one (xterm: DECSET 1049, DECTCEM). */
const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
const toTop = '\u001b[H';
const restOfLine = '\u001b[K';
const restOfScreen = '\u001b[J';

/** Standard output; live where that is asked for and it is a terminal. */
export function standardScreen(live: boolean): Screen {
  const { stdout, stderr } = process;
  const terminal = stdout.isTTY;
  const drawn = live && terminal;
  let last: string | undefined;
  const draw = (text: string): void => {
    if (last === undefined) stdout.write(enter);
    last = text;
    const lines = fitting(text.split('\n'), stdout.rows);
    stdout.write(`${toTop}${lines.map((line) => line + restOfLine).join('\n')}${restOfScreen}`);
  };
  return {
    width: () => (terminal ? stdout.columns : Infinity),
    colour: hasColours(stdout),
    live: drawn,
    show: (text) => {
      if (drawn) draw(text);
      else stdout.write(`${text}\n`);
    },
    note: (line) => {
      if (!drawn) stderr.write(`${line}\n`);
    },
    end: () => {
      if (last !== undefined) stdout.write(`${leave}${last}\n`);
    },
  };
}

/** As many lines as there are rows; the last one says how many more there are. */
function fitting(lines: readonly string[], rows: number): readonly string[] {
  if (lines.length <= rows) return lines;
  const kept = lines.slice(0, rows - 1);
  return [...kept, `... ${lines.length - kept.length} more lines`];
}
