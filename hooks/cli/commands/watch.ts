import type { Limits } from '../../core/watch/memory.ts';
import { declare, type Asked } from '../command.ts';
import { count, orEmpty, required, seconds } from '../option.ts';
import { noMore } from '../words.ts';

/** What the anchor, or the pin, is to watch. */
export interface AskedWatch extends Asked {
  command: 'watch';
  coordinator: string;
  intervalSeconds: number;
  /** The Coordinator's Deployment; empty for the pin, which watches and does nothing else. */
  deployment: string;
  /** Longest time to hold the node after the signal to stop. */
  holdSeconds: number;
  limits: Limits;
  /** Where the anchor listens while it is Ready. */
  readyPort: number;
}

/** `watch` as the anchor and the pin run it. */
export const watch = declare({
  name: 'watch',
  audience: 'chart',
  summary: "logs the Coordinator's state whenever it changes, and keeps the record true",
  about: [
    "Runs in the anchor and in the pin: logs the Coordinator's state whenever it changes. The anchor also writes Events, keeps the record true and holds the Coordinator's node.",
  ],
  arguments: [],
  options: {
    coordinator: required('URL', "the Coordinator's client API"),
    interval: seconds(5, 'time between two looks'),
    deployment: orEmpty(
      'NAME',
      "the Coordinator's Deployment: its node is held while it is between two pods",
    ),
    hold: seconds(50, 'how long at most, after the signal to stop'),
    grace: seconds(600, 'how long the Coordinator may need recovery before the anchor is not Ready'),
    down: seconds(900, 'how long it may give no answer before that'),
    'ready-port': count(8080, 'where the anchor listens while it is Ready'),
  },
  examples: [
    {
      does: 'As the pin does',
      line: 'watch --coordinator https://coordinator-client-api:4433',
    },
  ],
  ask: (values, words): AskedWatch => {
    noMore(words);
    const { coordinator, interval, deployment, hold, grace, down } = values;
    return {
      command: 'watch',
      coordinator,
      intervalSeconds: interval,
      deployment,
      holdSeconds: hold,
      limits: { graceSeconds: grace, downSeconds: down },
      readyPort: values['ready-port'],
    };
  },
  run: async (asked, stop) => await (await import('../../in-cluster.ts')).watchAndHold(asked, stop),
});
