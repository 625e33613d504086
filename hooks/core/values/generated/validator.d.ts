import type { ErrorObject } from 'ajv';

/** Whether values fit schemas/values.schema.json; what does not stands in `errors` after the call. */
declare const validate: {
  (values: unknown): boolean;
  errors?: ErrorObject[] | null;
};
export default validate;
