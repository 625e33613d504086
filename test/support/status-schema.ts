import { Ajv } from 'ajv';
import type { StatusView } from '../../hooks/core/status-view/view.ts';
import schema from '../../schemas/status.schema.json' with { type: 'json' };

const ajv = new Ajv({ allErrors: true });
const fits = ajv.compile<StatusView>(schema);

/** What `status --output json` has printed; throws where schemas/status.schema.json does not describe it. */
export function statusIn(text: string): StatusView {
  const view: unknown = JSON.parse(text);
  if (!fits(view)) throw new Error(`schemas/status.schema.json refuses it: ${ajv.errorsText(fits.errors)}`);
  return view;
}
