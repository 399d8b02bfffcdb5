// The part of JSON Schema that the operator files' schema uses, so that the schema can be held to real files.
// It throws at a word it does not know: what is not understood must not pass.

type Node = Readonly<Record<string, unknown>>;

const annotations = ['$schema', 'title', 'description', 'default'];

/** What is wrong with a value, as `path: word`; empty where it is valid. */
export function violations(schema: unknown, value: unknown, path = ''): string[] {
  if (!isMap(schema)) throw new Error(`no schema at ${path}`);
  return Object.entries(schema).flatMap(([word, expected]) => {
    if (annotations.includes(word) || word === 'then') return [];
    const wrong = violation(schema, word, expected, value, path);
    return typeof wrong === 'boolean' ? (wrong ? [`${path}: ${word}`] : []) : wrong;
  });
}

function violation(schema: Node, word: string, expected: unknown, value: unknown, path: string): boolean | string[] {
  const at = (step: string | number) => `${path}/${step}`;
  switch (word) {
    case 'type':
      return ![expected].flat().some((type) => isOfType(value, type));
    case 'enum':
      return !list(expected).includes(value);
    case 'const':
      return expected !== value;
    case 'pattern':
      return typeof value === 'string' && !new RegExp(String(expected)).test(value);
    case 'minLength':
      return typeof value === 'string' && value.length < Number(expected);
    case 'minimum':
      return typeof value === 'number' && value < Number(expected);
    case 'maximum':
      return typeof value === 'number' && value > Number(expected);
    case 'minItems':
      return Array.isArray(value) && value.length < Number(expected);
    case 'items':
      return list(value).flatMap((item, index) => violations(expected, item, at(index)));
    case 'required':
      return isMap(value) && list(expected).some((name) => !Object.hasOwn(value, String(name)));
    case 'properties':
      return Object.entries(isMap(expected) && isMap(value) ? expected : {}).flatMap(([name, below]) =>
        isMap(value) && Object.hasOwn(value, name) ? violations(below, value[name], at(name)) : [],
      );
    case 'additionalProperties': {
      const known = isMap(schema['properties']) ? schema['properties'] : {};
      const others = Object.entries(isMap(value) ? value : {}).filter(([name]) => !Object.hasOwn(known, name));
      return others.flatMap(([name, other]) =>
        expected === false ? [`${at(name)}: unknown key`] : violations(expected, other, at(name)),
      );
    }
    case 'not':
      return violations(expected, value, path).length === 0;
    case 'anyOf':
    case 'oneOf': {
      const wrong = list(expected).map((one) => violations(one, value, path));
      return wrong.every(({ length }) => length > 0) ? wrong.flat() : [];
    }
    case 'if':
      return violations(expected, value, path).length === 0 ? violations(schema['then'], value, path) : [];
    default:
      throw new Error(`the schema says ${word} at ${path}`);
  }
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isMap(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function isMap(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
