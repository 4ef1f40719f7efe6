import { Validator } from '@seriousme/openapi-schema-validator';

/** Checks a document against the OpenAPI schemas, by someone else's validator. */
export async function validate(document: object): Promise<{ valid: boolean; errors?: unknown }> {
  return new Validator().validate(structuredClone(document) as Record<string, unknown>);
}
