// Every key of an operator file as a reference shows it, read off the schema the loader uses. What is
// expected of a key is what `check` says when something else stands there.

import { z } from 'zod';
import { operatorSchema } from './operator-file.js';

export interface KeyFacts {
  /** As `operations.withdraw.settle`; `*` is a name the file chooses. Items of a list have no step. */
  readonly path: string;
  /** Where else the same is said of a key of this name; `auth.key` says another thing for another type. */
  readonly alsoAt: readonly string[];
  readonly expects: string;
  /** As a file would write it, or in words. */
  readonly default?: string;
  readonly meaning: string;
}

type Schema = z.core.$ZodType;
type Path = readonly string[];

/** In the order of the schema; keys that are alike in all but their place are one. */
export function describeKeys(): KeyFacts[] {
  const found = new Map<string, KeyFacts>();
  visitKeys(operatorSchema, [], (schema, at) => {
    const path = at.join('.');
    const said = defaultOf(schema);
    const facts = {
      expects: expectedOf(schema),
      meaning: meaningOf(schema),
      ...(said !== undefined && { default: said }),
    };
    const identity = JSON.stringify([at.at(-1), facts]);
    const alike = found.get(identity);
    if (alike === undefined) found.set(identity, { path, alsoAt: [], ...facts });
    else if (alike.path !== path && !alike.alsoAt.includes(path))
      found.set(identity, { ...alike, alsoAt: [...alike.alsoAt, path] });
  });
  return [...found.values()];
}

function visitKeys(schema: Schema, path: Path, visit: (schema: Schema, path: Path) => void): void {
  const key = (name: string, value: Schema): void => {
    visit(value, [...path, name]);
    visitKeys(value, [...path, name], visit);
  };
  if (schema instanceof z.core.$ZodObject)
    for (const [name, value] of Object.entries(schema._zod.def.shape)) key(name, value);
  if (schema instanceof z.core.$ZodRecord) key('*', schema._zod.def.valueType);
  if (schema instanceof z.core.$ZodArray) visitKeys(schema._zod.def.element, path, visit);
  if (schema instanceof z.core.$ZodUnion) for (const one of schema._zod.def.options) visitKeys(one, path, visit);
  const inner = innerOf(schema);
  if (inner !== undefined) visitKeys(inner, path, visit);
}

/** What a default, an absence or a conversion is wrapped around. */
function innerOf(schema: Schema): Schema | undefined {
  if (
    schema instanceof z.core.$ZodOptional ||
    schema instanceof z.core.$ZodNullable ||
    schema instanceof z.core.$ZodDefault ||
    schema instanceof z.core.$ZodPrefault
  )
    return schema._zod.def.innerType;
  return schema instanceof z.core.$ZodPipe ? schema._zod.def.in : undefined;
}

function meaningOf(schema: Schema): string {
  const inner = innerOf(schema);
  return z.globalRegistry.get(schema)?.description ?? (inner === undefined ? '' : meaningOf(inner));
}

/** Undefined where there is none, or one that only makes room for others. */
export function defaultOf(schema: Schema): string | undefined {
  const otherwise = z.globalRegistry.get(schema)?.['otherwise'];
  if (typeof otherwise === 'string') return otherwise;
  if (schema instanceof z.core.$ZodDefault || schema instanceof z.core.$ZodPrefault)
    return asWritten(schema._zod.def.defaultValue);
  const inner = innerOf(schema);
  return inner && defaultOf(inner);
}

function asWritten(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([name, one]) => `${name}: ${String(one)}`);
  return entries.length === 0 ? undefined : `{ ${entries.join(', ')} }`;
}

/** What is said of a value that is none, and of a list, which no key takes that takes any single value. */
function expectedOf(schema: Schema): string {
  for (const wrong of [Symbol(), []]) {
    const [issue] = z.core.safeParse(schema, wrong).error?.issues ?? [];
    // The keys of a map are described one by one.
    if (issue !== undefined) return issue.message.replace(/^(a map) with the keys .*/, '$1');
  }
  return 'anything';
}
