import { z } from 'zod';
import { STREAM_PATH } from '../stream/stream-server.js';
import { errorsOf, errorView, REASONS } from './errors.js';
import { ROUTES, type Route } from './routes.js';

const COMPONENTS = '#/components/schemas/';
type Json = Record<string, unknown>;

/** JSON schema (2020-12, which OpenAPI 3.1 uses), named schemas moved into `components`. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const made = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' }) as Json;
  const { $schema: _, $defs, ...rest } = made;
  for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, Json>)) {
    const { $id: _id, id: _name, ...body } = definition;
    components[name] ??= relinked(body);
  }
  return relinked(rest) as Json;
}

function relinked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relinked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === '$ref' && typeof inner === 'string' ? [key, inner.replace('#/$defs/', COMPONENTS)] : [key, relinked(inner)],
    ),
  );
}

function operation(route: Route, components: Json): Json {
  const content = { 'application/json': { schema: jsonSchema(route.answer, 'output', components) } };
  const answers: Json = { 200: { description: route.summary, content } };
  if (route.probes) answers[503] = { description: 'not ready', content };
  for (const status of errorsOf(route)) answers[status] = { $ref: `#/components/responses/${status}` };
  const parameters = Object.entries(route.query?.shape ?? {}).map(([name, field]) => ({
    name,
    in: 'query',
    required: !(field as z.ZodType).safeParse(undefined).success,
    schema: jsonSchema(field as z.ZodType, 'input', components),
  }));
  return {
    operationId: route.path.replace(/^\/api\/v1/, '').split('/').filter(Boolean).join('-') + (route.method === 'post' ? '-post' : ''),
    summary: route.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(route.body, 'input', components) } } },
        }
      : {}),
    security: securityOf(route),
    responses: answers,
  };
}

/** Where no key is configured whoever sits at the machine reads freely, and what changes something needs the token of the start. */
function securityOf({ path, body }: Route): Json[] {
  if (!path.startsWith('/api/')) return [];
  return [{ apiKey: [] }, body === undefined ? {} : { startToken: [] }];
}

/** Every error by its status: those that no operation answers, as for another method, stand here alone. */
function errorAnswers(): Json {
  const content = { 'application/json': { schema: { $ref: `${COMPONENTS}Error` } } };
  return Object.fromEntries(Object.entries(REASONS).map(([status, description]) => [status, { description, content }]));
}

let made: Json | null = null;

/** The OpenAPI 3.1 document of the REST face. */
export function openApi(): object {
  if (made) return made;
  const components: Json = {};
  jsonSchema(z.object({ error: errorView }), 'output', components);
  const paths: Record<string, Json> = {};
  for (const route of ROUTES) paths[route.path] = { ...paths[route.path], [route.method]: operation(route, components) };
  made = {
    openapi: '3.1.0',
    info: {
      title: 'Parallax',
      version: '1',
      description:
        `Lists are arrays under \`data\` with a \`cursor\`. Prices and sizes are exact decimal text, times integer microseconds. ` +
        `Every error has the form of the schema Error: at an address that there is not (404), with another method (405), or before ` +
        `anything could be read of it too. ` +
        `The WebSocket ${STREAM_PATH} sends a snapshot, then numbered changes; where a key is needed, a browser offers the sub-protocols ` +
        `"parallax" and "parallax.key.<the key in base64url>", a program may send the header x-api-key.`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: components,
      responses: errorAnswers(),
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        startToken: { type: 'apiKey', in: 'header', name: 'x-parallax-token' },
      },
    },
  };
  return made;
}
