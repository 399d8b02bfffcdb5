// Why: what a person may say to the bench stands once, for all that it measures.
import { parseArgs } from 'node:util';

const HELP = `bench: the bridge against its rivals
  [--rounds 9] [--seconds 1] [--connections 64] [--only floor,naive] [--profile] [--json FILE|none]
  [--before OTHER/dist/main.js] another build of the bridge as one more rival
bench --scale: with many operators, many records, much that is unfinished; how long a start takes
  [--operators 50] [--records 1000000] [--unfinished 100000]
bench --soak: resident memory under load, then over reloads
  [--soak-minutes 10] [--reloads 200]
bench --replicas: latency over two of them
`;

export const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' }, // many and short: the machine may drift within a minute
    seconds: { type: 'string', default: '1' },
    connections: { type: 'string', default: '64' },
    only: { type: 'string' },
    before: { type: 'string' },
    profile: { type: 'boolean', default: false },
    json: { type: 'string' },
    scale: { type: 'boolean', default: false },
    operators: { type: 'string', default: '50' },
    records: { type: 'string', default: '1000000' },
    unfinished: { type: 'string', default: '100000' },
    soak: { type: 'boolean', default: false },
    'soak-minutes': { type: 'string', default: '10' },
    reloads: { type: 'string', default: '200' },
    replicas: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
export const rounds = Number(values.rounds);
export const seconds = Number(values.seconds);
/** Of a load at a fixed rate: in one second, 1 % would be those that come first, which are slow for everybody. */
export const steadySeconds = 3;
