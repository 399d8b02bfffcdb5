// Signs of another text than the one that is signed: amounts, fields and their order, dialects.

import { dialects } from '../dialects.js';
import type { CallbackShape } from '../dialects/dialect.js';
import {
  isAmount,
  joined,
  signedFields,
  type Candidate,
  type Patient,
  type SignedField,
  type SuspicionRow,
} from './suspicion.js';

type Format = (amount: string) => string;

/** Of an amount with two decimals. */
const unpadded: Readonly<Record<string, Format>> = {
  'without the zeros at its end': (amount) => amount.replace(/\.?0+$/, ''),
  'with one decimal': (amount) => amount.replace(/0$/, ''),
};
const otherwise: Readonly<Record<string, Format>> = {
  'in the smallest unit': (amount) => amount.replace('.', '').replace(/^0+(?=\d)/, ''),
  'with a comma': (amount) => amount.replace('.', ','),
  'with commas between thousands': (amount) => amount.replace(/\B(?=(\d{3})+\.)/g, ','),
  'with four decimals': (amount) => `${amount}00`,
  'without decimals': (amount) => amount.replace(/\..*/, ''),
};

function* inFormats({ fields }: Patient, formats: Readonly<Record<string, Format>>): Iterable<Candidate> {
  for (const [which, write] of Object.entries(formats))
    yield { which, text: joined(changed(fields, ({ role, value }) => (isAmount(role) ? write(value) : value))) };
}

const changed = (fields: readonly SignedField[], write: (field: SignedField) => string): SignedField[] =>
  fields.map((field) => ({ ...field, value: write(field) }));

function* inOtherOrders({ fields, members }: Patient): Iterable<Candidate> {
  for (const [at, one] of fields.entries())
    for (const [over, other] of fields.slice(at + 1).entries()) {
      const swapped = [...fields];
      [swapped[at], swapped[at + 1 + over]] = [other, one];
      yield { which: `${one.name} and ${other.name} are exchanged`, text: joined(swapped) };
    }
  const names = Object.keys(members);
  const byBody = [...fields].sort((one, other) => names.indexOf(one.name) - names.indexOf(other.name));
  yield { which: 'they are in the order of the body', text: joined(byBody) };
  const byName = [...fields].sort((one, other) => (one.name < other.name ? -1 : 1));
  yield { which: 'they are sorted by their names', text: joined(byName) };
}

/** Of a body with very many fields the first will do. */
const mostAdded = 24;

function* withAnother({ fields, members, agent }: Patient): Iterable<Candidate> {
  const signed = new Set([agent.dialect.sign, ...fields.map(({ name }) => name)]);
  const others = Object.entries(members).filter(([name]) => !signed.has(name));
  for (const [which, value] of others.slice(0, mostAdded))
    if (typeof value === 'string' || typeof value === 'boolean') yield { which, text: joined(fields) + String(value) };
}

function* inOtherDialects({ operation, members, agent }: Patient): Iterable<Candidate> {
  for (const [which, dialect] of Object.entries(dialects))
    if (dialect !== agent.dialect && dialect.withoutGameInSigns !== agent.dialect)
      for (const spoken of [dialect, dialect.withoutGameInSigns])
        if (spoken !== undefined) yield* asShaped(spoken.operations[operation], members, which);
}

function* asShaped(shape: CallbackShape, members: Patient['members'], which: string): Iterable<Candidate> {
  const fields = signedFields(shape, members);
  if (typeof fields !== 'string') yield { which, text: joined(fields) };
}

const separators = ['|', '&', ',', ';', ':', '-', '_', '.', '+', ' ', '\n'];

function* withBorders({ fields }: Patient): Iterable<Candidate> {
  const values = fields.map(({ value }) => value);
  for (const separator of separators) yield { which: JSON.stringify(separator), text: values.join(separator) };
  yield { which: 'name=value and "&"', text: fields.map(({ name, value }) => `${name}=${value}`).join('&') };
}

export const ofTheText: readonly SuspicionRow[] = [
  {
    name: 'unpaddedAmount',
    says: (which) => `it is made of the amount ${which}; signs hold amounts with exactly two decimals, such as 12.30`,
    candidates: (patient) => inFormats(patient, unpadded),
  },
  {
    name: 'otherAmount',
    says: (which) => `it is made of the amount ${which}; signs hold amounts with exactly two decimals, such as 12.30`,
    *candidates(patient) {
      const said = new Set([...inFormats(patient, unpadded)].map(({ text }) => text));
      const sent = { which: 'as it was sent', text: patient.fields.map((field) => field.sent).join('') };
      for (const candidate of [...inFormats(patient, otherwise), sent]) if (!said.has(candidate.text)) yield candidate;
    },
  },
  {
    name: 'otherOrder',
    says: (which) => `it is made of the same fields in another order: ${which}; see the order "sign" prints`,
    candidates: inOtherOrders,
  },
  {
    name: 'fieldAdded',
    says: (which) => `it has ${which} at its end, which is not signed here; see platform.dialect and signsGameID`,
    candidates: withAnother,
  },
  {
    name: 'fieldLeftOut',
    says: (which) => `it lacks ${which}; for gameID, write platform.signsGameID: false where this vendor leaves it out`,
    *candidates({ fields }) {
      for (const left of fields) yield { which: left.name, text: joined(fields.filter((field) => field !== left)) };
    },
  },
  {
    name: 'otherDialect',
    says: (which) =>
      `it is made as in dialect ${which}; if this platform speaks that, write platform.dialect: ${which}`,
    candidates: inOtherDialects,
  },
  {
    name: 'otherOperation',
    says: (which) => `it is made as that of a ${which}; was it sent to the wrong path?`,
    *candidates({ operation, members, agent: { dialect } }) {
      for (const shape of Object.values(dialect.operations))
        if (shape.operation !== operation) yield* asShaped(shape, members, shape.path);
    },
  },
  {
    name: 'separators',
    says: (which) => `it is made of the values with ${which} between; they are signed with nothing between`,
    candidates: withBorders,
  },
  {
    name: 'trimmedValues',
    says: () => 'it is made of values without the white space they were sent with; they are signed as they are sent',
    *candidates({ fields }) {
      yield { text: joined(changed(fields, ({ value }) => value.trim())) };
    },
  },
  {
    name: 'otherCharset',
    says: (which) => `it is made of the text in ${which}; texts are signed in UTF-8`,
    *candidates({ fields }) {
      yield { which: 'Latin-1', text: Buffer.from(joined(fields), 'latin1') };
      yield { which: 'UTF-16', text: Buffer.from(joined(fields), 'utf16le') };
    },
  },
];
