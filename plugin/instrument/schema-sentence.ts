// What is wrong with a piece of JSON, as one short clause: the place and the reason.
import type * as z from 'zod';

/** The first problem of a failed parse: `latent.mean[3] must be ...`. */
export function schemaSentence(error: z.ZodError): string {
  const [issue] = error.issues;
  const place = issue.path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
  const reason = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  return place ? `${place}: ${reason}` : reason;
}
