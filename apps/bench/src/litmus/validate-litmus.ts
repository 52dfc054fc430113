import { type LitmusFile, litmusSchema } from '@shootdown/checker';
import { type DocumentValidator, documentValidator } from '@shootdown/host';

/**
 * Checks that a parsed JSON value is a file of litmus tests.
 * @throws ShootdownError INVALID_LITMUS with every problem found
 */
export const validateLitmus: DocumentValidator<LitmusFile> = documentValidator({
  noun: 'file of litmus tests',
  whole: 'the file',
  code: 'INVALID_LITMUS',
  schema: litmusSchema,
  problems: repeatedIds,
});

function repeatedIds({ tests }: LitmusFile): readonly string[] {
  const ids = tests.map(({ id }) => id);
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
  return repeated.map((id) => `tests: the id "${id}" stands twice`);
}
