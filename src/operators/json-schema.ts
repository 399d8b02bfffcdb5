// The operator file's schema for editors, made from the schema the loader itself uses, so that both say the same. It shows a file
// as it is written, with defaults in words a file may hold; what expressions mean is left to `check`.

import { z } from 'zod';
import { keyDescriptions } from './key-descriptions.js';
import { operatorSchema } from './schema.js';

type Node = z.core.JSONSchema.BaseSchema;
type Path = readonly string[];

/** The JSON Schema (draft 7, which YAML editors know best) of an operator file, as text that ends with a line break. */
export function operatorJsonSchema(): string {
  const schema = z.toJSONSchema(operatorSchema, {
    target: 'draft-07',
    io: 'input',
    // What JSON Schema has no word for may be anything here; the loader still checks it.
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => writeAsInFile(zodSchema, jsonSchema),
  });
  visitKeys(schema, [], (node, path) => {
    const description = descriptionOf(path);
    if (description !== undefined) node.description = description;
  });
  const { $schema, ...rest } = schema;
  const needed = takeNeeded(rest);
  // What stands in a preset need not stand in the file.
  const whole = { if: { not: { required: ['extends'] } }, then: needed };
  const title = 'Operator file of the wallet bridge';
  return `${JSON.stringify({ $schema, title, ...rest, required: ['operator', 'platform'], ...whole }, null, 2)}\n`;
}

/**
 * Takes the keys that must be there out of a schema of maps, and gives them back as a schema of their own. Those of a list's items
 * stay, because a preset's list is replaced as a whole; those of one of several shapes are left to the loader.
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

/** The paths of all keys a file may have; `*` is a name the file chooses, list items have no step of their own. */
export function operatorKeys(): string[] {
  const keys = new Set<string>();
  visitKeys(z.toJSONSchema(operatorSchema, { io: 'input', unrepresentable: 'any' }), [], (_node, path) =>
    keys.add(path.join('.')),
  );
  return [...keys];
}

/** Which of the descriptions holds for a key: the one that names the most of its path's end. */
export function descriptionKey(path: Path): string | undefined {
  const ends = path.map((_step, at) => path.slice(at).join('.'));
  return ends.find((end) => Object.hasOwn(keyDescriptions, end));
}

function descriptionOf(path: Path): string | undefined {
  const key = descriptionKey(path);
  return key === undefined ? undefined : keyDescriptions[key];
}

function visitKeys(node: Node, path: Path, visit: (node: Node, path: Path) => void): void {
  const below = (child: unknown, step: Path, isKey: boolean): void => {
    if (!isNode(child)) return;
    const at = [...path, ...step];
    visitKeys(child, at, visit);
    if (isKey) visit(child, at);
  };
  for (const [name, child] of Object.entries(node.properties ?? {})) below(child, [name], true);
  below(node.additionalProperties, ['*'], true);
  below(node.items, [], false);
  for (const child of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) below(child, [], false);
}

function isNode(child: unknown): child is Node {
  return typeof child === 'object' && child !== null && !Array.isArray(child);
}

/** Whole numbers with their bounds, and defaults as a file would write them; one that only makes room for others is left out. */
function writeAsInFile({ _zod: { def } }: z.core.$ZodTypes, node: Node): void {
  if (def.type === 'bigint') {
    node.type = 'integer';
    for (const check of def.checks ?? []) {
      if (check instanceof z.core.$ZodCheckGreaterThan) node.minimum = Number(check._zod.def.value);
      if (check instanceof z.core.$ZodCheckLessThan) node.maximum = Number(check._zod.def.value);
    }
  }
  delete node.propertyNames;
  if (def.type === 'default' && typeof def.defaultValue === 'number')
    node.default = node.type === 'integer' ? def.defaultValue : durationText(def.defaultValue);
  if (isNode(node.default) && Object.keys(node.default).length === 0) delete node.default;
  if (Array.isArray(node.default) && node.default.length === 0) delete node.default;
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;
const week = 7 * 86_400_000;

/** As people say it: 72h, and 30d. */
function durationText(ms: number): string {
  const fitting = units.filter(([unit, length]) => ms % length === 0 && (unit !== 'd' || ms >= week));
  const [unit, length] = fitting[0] ?? ['ms', 1];
  return `${ms / length}${unit}`;
}
