// The operator file's schema for editors, made from the schema the loader itself uses, so that both say the
// same. It shows a file as it is written; what expressions mean is left to `check`.

import { z } from 'zod';
import { defaultOf } from '../../operators/schema/keys.js';
import { operatorSchema } from '../../operators/schema/operator-file.js';

type Node = z.core.JSONSchema.BaseSchema;

/**
 * The JSON Schema (draft 7, which YAML editors know best) of an operator file, as text that ends with a line
 * break.
 */
export function operatorJsonSchema(): string {
  const schema = z.toJSONSchema(operatorSchema, {
    target: 'draft-07',
    io: 'input',
    // What JSON Schema has no word for may be anything here; the loader still checks it.
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => writeAsInFile(zodSchema, jsonSchema),
  });
  const { $schema, ...rest } = schema;
  const needed = takeNeeded(rest);
  // What stands in a preset need not stand in the file.
  const whole = { if: { not: { required: ['extends'] } }, then: needed };
  const title = 'Operator file of the wallet bridge';
  return `${JSON.stringify({ $schema, title, ...rest, required: ['operator', 'platform'], ...whole }, null, 2)}\n`;
}

/**
 * Takes the keys that must be there out of a schema of maps, and gives them back as a schema of their own.
 * Those of a list's items stay, because a preset's list is replaced as a whole; those of one of several
 * shapes are left to the loader.
 */
function takeNeeded(node: Node): Node {
  const { required } = node;
  delete node.required;
  for (const child of [...(node.anyOf ?? []), ...(node.oneOf ?? []), node.additionalProperties])
    if (isNode(child)) takeNeeded(child);
  const properties: Record<string, Node> = {};
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    if (!isNode(child)) continue;
    const below = takeNeeded(child);
    if (required?.includes(name) !== true) makeRemovable(child);
    if (Object.keys(below).length > 0) properties[name] = below;
  }
  return {
    ...(required === undefined ? {} : { required }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
  };
}

/** null takes away what a preset has: a map, a mapping, a text. */
function makeRemovable(node: Node): void {
  if (node.anyOf !== undefined) node.anyOf.push({ type: 'null' });
  else if (node.type === 'object' || (node.type === 'string' && node.enum === undefined))
    node.type = [node.type, 'null'];
}

function isNode(child: unknown): child is Node {
  return typeof child === 'object' && child !== null && !Array.isArray(child);
}

/**
 * Whole numbers with their bounds, defaults in words too; a default that only makes room for others is left
 * out.
 */
function writeAsInFile(zodSchema: z.core.$ZodTypes, node: Node): void {
  const { def } = zodSchema._zod;
  if (def.type === 'bigint') {
    node.type = 'integer';
    for (const check of def.checks ?? []) {
      if (check instanceof z.core.$ZodCheckGreaterThan) node.minimum = Number(check._zod.def.value);
      if (check instanceof z.core.$ZodCheckLessThan) node.maximum = Number(check._zod.def.value);
    }
  }
  delete node.propertyNames;
  delete node['otherwise'];
  if (def.type === 'default' && typeof def.defaultValue === 'number') node.default = def.defaultValue;
  if (isNode(node.default) && Object.keys(node.default).length === 0) delete node.default;
  if (Array.isArray(node.default) && node.default.length === 0) delete node.default;
  const meaning = z.globalRegistry.get(zodSchema)?.description;
  const said = defaultOf(zodSchema);
  if (meaning !== undefined) node.description = said === undefined ? meaning : `${meaning} Default: ${said}.`;
}
